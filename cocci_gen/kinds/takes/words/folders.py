"""A file -> whether it stands beside tables of a file system (things.toml).

Any driver fills in `file_operations`, and takes things of which locking.rst does not speak; a file system has other tables, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.resources import data_tables


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


@dataclass(frozen=True, slots=True)
class Folders:
    """Which folders of a tree have tables of a file system; every answer is remembered."""

    index: KernelIndex
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def known(self, path: str) -> bool:
        """Whether a file stands in one."""
        folder = folder_of(path)
        if folder not in self._known:
            entries = (one for method in _methods().values() for one in self.index.tabled_in(method, folder))
            self._known[folder] = any(_methods().get(one.struct) == one.method for one in entries)
        return self._known[folder]


def folders_of(index: KernelIndex) -> Folders:
    """The folders of a tree, shared by all who ask."""
    return shared(index, Folders)
