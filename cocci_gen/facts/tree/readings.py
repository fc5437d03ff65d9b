"""The definitions of a tree -> Readings, how each of its files is to be read.

A file sees what it defines itself, what the headers of its own part of the tree define (`fs/overlayfs/`, two folders deep, or
all of a module), and what include/ defines.  Of several definitions of one name the nearest counts.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable

from cocci_gen.code.texts.reading import Definition, Macro, Reading, ScopeClass, classes_of, macro_of

#: Folders of a path that are one part of the tree.
_PART = 2


class Readings:
    """The definitions of one tree; files that see the same share one Reading."""

    def __init__(
        self, version: int, found: Iterable[tuple[str, Definition]], home: Callable[[str], str] = lambda _path: ""
    ) -> None:
        """`found` are definitions with the paths of their files; `version` is LINUX_VERSION_CODE; `home` tells the folder of the
        module that a path is of, "" for the kernel's own."""
        self._version = version
        self._home = home
        general: list[Definition] = []
        self._parts: dict[str, list[Definition]] = {}
        self._files: dict[str, list[Definition]] = {}
        for path, one in found:
            if path.startswith("include/"):
                general.append(one)
            elif path.endswith(".h"):
                self._parts.setdefault(self._part(path), []).append(one)
            else:
                self._files.setdefault(path, []).append(one)
        #: Macros that allocate with GFP_KERNEL unless they are told a mask.
        self.gfp_kernel = frozenset(one.name for one in general if one.kind == "gfp")
        self._general = general
        self._base = self._made(general)
        self._made_parts: dict[str, Reading] = {}

    def of(self, path: str) -> Reading:
        """How the file is to be read."""
        part, own = self._parts.get(self._part(path), []), self._files.get(path, [])
        if not own:
            key = self._part(path) if part else ""
            if key not in self._made_parts:
                self._made_parts[key] = self._joined(part) if part else self._base
            return self._made_parts[key]
        return self._joined([*part, *own])

    def _made(self, found: list[Definition]) -> Reading:
        macros = {one.name: macro_of(one) for one in found if one.kind == "macro"}
        return Reading(self._version, macros, classes_of(found))

    def _joined(self, near: list[Definition]) -> Reading:
        """What is near before what is general; a class that is extended near may be defined anywhere."""
        made = self._made(near)
        extended = {one.name for one in near if one.kind == "EXTEND_CLASS" or one.kind.endswith("_COND")}
        classes = classes_of([*(one for one in self._general if one.name in extended), *near])
        macros: ChainMap[str, Macro] = ChainMap(dict(made.macros), dict(self._base.macros))
        every: ChainMap[str, ScopeClass] = ChainMap(classes, dict(self._base.classes))
        return Reading(self._version, dict(macros), dict(every))

    def _part(self, path: str) -> str:
        return self._home(path) or "/".join(path.split("/")[:-1][:_PART])
