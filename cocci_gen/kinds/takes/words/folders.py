"""A file -> whether it stands beside tables of a file system (things.toml).

Any driver fills in `file_operations`, and takes things of which locking.rst does not speak; a file system has other tables, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.resources import data_tables

#: The names of folders that the folder of a file system has.
_NAMES = 2


@cache
def shared_structs() -> frozenset[str]:
    """The structures that drivers fill in as well."""
    return frozenset(data_tables("kinds/takes/words/things.toml")["folders"]["shared"])


@cache
def other_structs() -> Mapping[str, tuple[str, ...]]:
    """Structures of file systems of which no document speaks that is read -> their methods."""
    others: Mapping[str, list[str]] = data_tables("kinds/takes/words/things.toml")["folders"]["others"]
    return {struct: tuple(methods) for struct, methods in others.items()}


@cache
def _methods() -> Mapping[str, str]:
    """Structure -> a method by which its tables are found."""
    methods: Mapping[str, str] = data_tables("kinds/takes/words/things.toml")["folders"]["beside"]
    return methods


@cache
def speaker() -> tuple[str, str]:
    """The structure and the method whose row speaks for functions to which no method of their file system leads."""
    struct, method = data_tables("kinds/takes/words/things.toml")["folders"]["speaks"]
    return struct, method


@dataclass(slots=True)
class Folders:
    """Which folders of a tree have tables of a file system; every answer is remembered."""

    index: KernelIndex
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)
    _home: str | None = None

    def at_home(self, path: str) -> bool:
        """Whether a file lies where the tree keeps its file systems, which most of their tables say, and what they have in
        common."""
        if self._home is None:
            entries = (one for struct, method in _methods().items() for one in self.index.entries_of(method, struct))
            tops = Counter(_top(folder) for folder in {one.folder for one in entries if one.struct})
            self._home = max(sorted(tops), key=tops.__getitem__, default="")
        return _top(path) == self._home != ""

    def root_of(self, path: str) -> str:
        """The folder that the file system of a file has for itself, `fs/orchard` of `fs/orchard/beds/dig.c`; elsewhere that of
        the file: what lies beside a driver is another driver's."""
        folder = folder_of(path)
        return "/".join(folder.split("/")[:_NAMES]) if self.at_home(path) else folder

    def belongs(self, path: str, root: str) -> bool:
        """Whether a file is one of a root: it has it, or is a header below it, or anywhere in the module that the root is of."""
        if path.endswith(".h"):
            module = self.index.tree.home(f"{root}/")
            return path.startswith(f"{root}/") or (module != "" and self.index.tree.home(path) == module)
        return path.startswith(f"{root}/") and self.root_of(path) == root

    def known(self, path: str) -> bool:
        """Whether a file stands in one."""
        folder = folder_of(path)
        if folder not in self._known:
            entries = (one for method in _methods().values() for one in self.index.tabled_in(method, folder))
            self._known[folder] = any(_methods().get(one.struct) == one.method for one in entries)
        return self._known[folder]


def _top(path: str) -> str:
    return path.partition("/")[0]


def folders_of(index: KernelIndex) -> Folders:
    """The folders of a tree, shared by all who ask."""
    return shared(index, Folders)
