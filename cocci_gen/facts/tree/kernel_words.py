"""The headers of a kernel -> KernelWords, what they name: what code that is written for several kernels can be compiled with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cocci_gen.code.texts.conditionals import Conditionals, NameDefinition, Names
from cocci_gen.facts.tree.headers import StructDefinition, definitions
from cocci_gen.kernel.tree import KernelTree

#: Where a module's `#include <...>` is looked up; one architecture stands for all, as for a module's own `#ifdef`s.
_ROOTS = ("include/", "include/uapi/", "arch/x86/include/", "arch/x86/include/uapi/", "include/asm-generic/")
_BLANKS = bytes(sign if chr(sign).isalnum() or sign == ord("_") else 32 for sign in range(128)) + bytes(range(128, 256))
_STRUCT = re.compile(rb"(?m)^(?:typedef )?struct[ \t]+(\w+)[ \t]*\n?\{")
_DEFINE = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)")


@dataclass(frozen=True, slots=True)
class KernelWords:
    """`words` is every name in the headers, `defined` the macros that were asked for and stand there whatever is configured (as
    what they stand for), `perhaps` those that a configuration decides, `structs` the structures that were asked for, `macros`
    those with parameters that are called, where they stand for one thing."""

    words: frozenset[bytes]
    defined: Mapping[str, str]
    perhaps: frozenset[str]
    structs: Mapping[str, tuple[StructDefinition, ...]] = field(default_factory=dict)
    macros: Mapping[str, NameDefinition] = field(default_factory=dict)


def kernel_words(
    tree: KernelTree, asked: frozenset[str], tags: frozenset[str], version: int, called: frozenset[str] = frozenset()
) -> KernelWords:
    """What the headers of a tree say of names, structures, and macros that are called; read once for all states of a module."""
    return _read(_Tree(tree), asked, tags, version, called)


class _Tree:
    """A tree, told from others by its state."""

    def __init__(self, tree: KernelTree) -> None:
        self.tree = tree

    def __hash__(self) -> int:
        return hash(self.tree.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tree) and other.tree.tree == self.tree.tree


@lru_cache(maxsize=4)
def _read(of: _Tree, asked: frozenset[str], tags: frozenset[str], version: int, called: frozenset[str]) -> KernelWords:
    blobs = of.tree.blobs()
    paths = {
        blob.oid: path
        for path, blob in blobs.items()
        if path.endswith(".h") and path.startswith(("include/", "arch/x86/include/")) and blob.mode.startswith("100")
    }
    words = set[bytes]()
    sure, open_ = dict[str, str](), set[str]()
    tagged = []
    named = frozenset(name.encode() for name in asked | called)
    macros = defaultdict[str, list[NameDefinition]](list)
    wanted = frozenset(tag.encode() for tag in tags)
    for oid, text in of.tree.read_blobs(paths):
        words.update(text.translate(_BLANKS).split())
        if not named.isdisjoint(_DEFINE.findall(text)):
            for one, compiled in _defined(text, asked | called, version):
                if one.name in called and one.parameters and compiled is not False:
                    macros[one.name].append(one)
                if one.name not in asked:
                    continue
                if compiled:
                    sure.setdefault(one.name, one.body if one.parameters is None else "")
                elif compiled is None:
                    open_.add(one.name)
        if not wanted.isdisjoint(_STRUCT.findall(text)):
            tagged.append((paths[oid], text))
    return KernelWords(
        frozenset(words),
        sure,
        frozenset(open_ - sure.keys()),
        definitions(tagged, tags),
        {name: ones[0] for name, ones in macros.items() if len({(one.parameters, one.body) for one in ones}) == 1},
    )


def _defined(text: bytes, asked: frozenset[str], version: int) -> list[tuple[NameDefinition, bool | None]]:
    """The names of a header that were asked for, and whether they are compiled."""
    read = Conditionals(text)
    read.decide(Names(version))
    return [(one, read.compiled(one.line)) for one in read.definitions if one.name in asked and not one.gone]


def header_known(tree: KernelTree, name: str) -> bool | None:
    """Whether `#include <name>` finds a header of the tree; None for those that its build makes, and those of others."""
    if name.startswith("generated/") or "/generated/" in name:
        return None
    blobs = tree.blobs()
    if any(f"{root}{name}" in blobs for root in _ROOTS):
        return True
    if name.startswith("asm/"):
        return True if f"include/asm-generic/{name[4:]}" in blobs else None
    return False if name.partition("/")[0] in _folders(_Tree(tree)) else None


@lru_cache(maxsize=4)
def _folders(of: _Tree) -> frozenset[str]:
    """The folders of include/: what stands elsewhere is nothing that the kernel could have."""
    return frozenset(
        path.split("/")[1] for path in of.tree.blobs() if path.startswith("include/") and path.count("/") > 1
    )
