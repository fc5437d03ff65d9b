"""Both trees -> Pair, the same function before and after, from the files in which something that changed is named.

Learning is from these alone; which pairs lie in which folder (`group`) is kept, for a rule that one file system alone
shows is no rule of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from cocci_gen.port.texts.instances import Code, Written, read_code
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.trees import Sources

#: Where the generic code and its users live; drivers/ adds a minute and, for file systems, no rule.
ROOTS = ("fs", "mm", "block", "ipc", "kernel", "net", "security", "drivers/block", "lib", "init")
_TAG = re.compile(rb"\bstruct[ \t\n]+(\w+)")
#: A member behind a structure, or in front of its value in a table.
_REACHED = re.compile(rb"(?:->|\.)[ \t]*([A-Za-z_]\w*)")


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


@dataclass(frozen=True, slots=True)
class Marks:
    """By what code uses what changed: words, and members of structures (tag -> members)."""

    words: frozenset[bytes]
    members: Mapping[bytes, frozenset[bytes]]

    def on(self, text: bytes) -> Used:
        """What of it a text may use; a structure that it does not name has no members there."""
        there = words_of(text)
        tags = set(_TAG.findall(text)) & self.members.keys()
        named = {tag: some for tag in sorted(tags) if (some := self.members[tag] & there)}
        return Used(self.words & there, named)


@dataclass(frozen=True, slots=True)
class Used:
    """What of that which changed a text may use."""

    words: frozenset[bytes]
    members: Mapping[bytes, frozenset[bytes]]

    def __bool__(self) -> bool:
        """Whether it may use anything."""
        return bool(self.words or self.members)

    def inside(self, text: bytes) -> bool:
        """Whether a part of the text may use any of it."""
        if not self.words.isdisjoint(words_of(text)):
            return True
        reached = frozenset(_REACHED.findall(text)) if self.members else frozenset()
        return any(not some.isdisjoint(reached) for some in self.members.values())


def read_examples(
    old: Sources, new: Sources, marks: Marks, methods: frozenset[str], roots: Iterable[str] = ROOTS
) -> Examples:
    """Both trees, what tells the use of what changed and the names of methods -> what the files below the roots show.

    A file without any of the marks teaches nothing and is not parsed.
    """
    listed = tuple(roots)
    before = [path for path in old.below(listed) if new.oids.get(path) != old.oids[path]]
    texts = {path: text for path, text in old.texts(before) if marks.on(text)}
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
