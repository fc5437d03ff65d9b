"""Both trees -> Pair, the same function before and after, from the files in which something that changed is named.

Learning is from these alone; which pairs lie in which folder (`group`) is kept, for a rule that one file system alone
shows is no rule of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from cocci_gen.port.instances import Code, Written, read_code
from cocci_gen.port.trees import Sources

#: Where the generic code and its users live; drivers/ adds a minute and, for file systems, no rule.
ROOTS = ("fs", "mm", "block", "ipc", "kernel", "net", "security", "drivers/block", "lib", "init")
_WORD = re.compile(rb"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Pair:
    """One function in both trees."""

    old: Written
    new: Written

    @property
    def group(self) -> str:
        """The folder that stands for one body of code by the same people: `fs/ext2`, `fs/quota`."""
        return group_of(self.old.path)


@dataclass(frozen=True, slots=True)
class Examples:
    """The code of both trees that names what changed, and the functions that stand in both."""

    old: Code
    new: Code
    pairs: tuple[Pair, ...]


def group_of(path: str) -> str:
    """The first two folders of a path, of drivers three; a file of a top folder is its own group."""
    parts = PurePosixPath(path).parts
    depth = 3 if parts[0] == "drivers" else 2
    return "/".join(parts[:depth])


def words_of(text: bytes) -> frozenset[bytes]:
    """The identifiers of a text."""
    return frozenset(_WORD.findall(text))


def read_examples(
    old: Sources, new: Sources, words: Collection[str], methods: frozenset[str], roots: Iterable[str] = ROOTS
) -> Examples:
    """Both trees, the words that changed and the names of methods -> what the files below the roots show.

    A file without any of the words teaches nothing and is not parsed.
    """
    wanted = {word.encode() for word in words}
    listed = tuple(roots)
    before = [path for path in old.below(listed) if new.oids.get(path) != old.oids[path]]
    texts = {path: text for path, text in old.texts(before) if not wanted.isdisjoint(_WORD.findall(text))}
    after = [path for path in texts if path in new.oids]
    first, second = read_code(texts.items(), methods), read_code(new.texts(after), methods)
    return Examples(first, second, tuple(_pairs(first, second)))


def _pairs(old: Code, new: Code) -> Iterable[Pair]:
    """The functions of the same name in the same file; one that several conditions define is left out."""
    for name, ones in old.functions.items():
        now = new.functions.get(name, ())
        for one in ones:
            same = [other for other in now if other.path == one.path]
            if len(same) == 1 and sum(other.path == one.path for other in ones) == 1:
                yield Pair(one, same[0])
