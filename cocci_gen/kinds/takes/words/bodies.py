"""The folder of a file system -> Bodies, what its functions do and what its macros are called, without comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.folders import folders_of

_MACRO = re.compile(r"(?m)^#[ \t]*define[ \t]+(\w+)\(")
#: Where a function stands: file and place in its text.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The macros of a file system that are given something; its functions by where they stand, each with name and text."""

    macros: frozenset[str]
    functions: Mapping[Place, tuple[str, str]]

    @property
    def names(self) -> frozenset[str]:
        """What it defines."""
        return self.macros | {name for name, _ in self.functions.values()}


@dataclass(slots=True)
class _Last:
    """The file system that was read last: all that is asked of one is asked one after the other."""

    index: KernelIndex
    _known: dict[str, Bodies] = field(default_factory=dict)

    def of(self, root: str) -> Bodies:
        """What the functions of a root do."""
        if root not in self._known:
            self._known = {root: self._read(root)}
        return self._known[root]

    def _read(self, root: str) -> Bodies:
        folders = folders_of(self.index)
        macros, functions = set[str](), dict[Place, tuple[str, str]]()
        for path in sorted(one for one in self.index.paths() if folders.belongs(one, root)):
            text = blanked(self.index.text(path)).decode("latin-1")
            macros.update(_MACRO.findall(text))
            for one in self.index.functions_in(path):
                functions[path, one.span.start] = one.name, text[one.span.start : one.span.end]
        return Bodies(frozenset(macros), functions)


def bodies_in(root: str, index: KernelIndex) -> Bodies:
    """The functions and macros of a file system, in the order of its files."""
    return shared(index, _Last).of(root)
