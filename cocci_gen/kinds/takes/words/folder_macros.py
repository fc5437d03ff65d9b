"""A folder -> the macros that its files define and that are called like functions, each with what it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared

#: A macro that is called like a function, to its end.
_MACRO = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)\((?:[^()\n]|(?<=\\)\n)*\)([^\n]*(?:(?<=\\)\n[^\n]*)*)")


@dataclass(frozen=True, slots=True)
class FolderMacro:
    """One macro: the file that defines it, its name, and what it stands for."""

    path: str
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class FolderMacros:
    """The macros of the folders of a tree; each folder is read once."""

    index: KernelIndex
    _known: dict[str, tuple[FolderMacro, ...]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, folder: str) -> tuple[FolderMacro, ...]:
        """Those of one folder."""
        if folder not in self._known:
            self._known[folder] = tuple(
                FolderMacro(path, name.decode(), body.decode("utf-8", "replace"))
                for path in self.index.files_in(folder)
                for name, body in _MACRO.findall(self.index.text(path))
            )
        return self._known[folder]


def folder_macros(index: KernelIndex) -> FolderMacros:
    """The macros of the folders of a tree, shared by all who ask."""
    return shared(index, FolderMacros)
