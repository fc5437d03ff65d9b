"""IndexedFiles and IndexStore -> Tables: a method, or a function -> the entries of operations tables and the assignments."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from cocci_gen.facts.tree.definitions import TableEntry
from cocci_gen.facts.tree.indexed_files import SOME, IndexedFiles
from cocci_gen.facts.tree.store import IndexStore


class Tables:
    """The entries of the tables of one tree; files are parsed as far as a question needs them."""

    def __init__(self, files: IndexedFiles, store: IndexStore, methods: Collection[str]) -> None:
        """An assignment counts only to one of the `methods`; `files` may be outlined later, before the first question."""
        self._files = files
        self._store = store
        self._methods = methods
        self._every: dict[str, tuple[TableEntry, ...]] = {}
        self._of: dict[tuple[str, str], tuple[TableEntry, ...]] = {}
        self.tabled_in = lru_cache(maxsize=None)(self._tabled_in)

    def follow(self, former: Tables) -> Collection[str]:
        """Take over what is known of the tables of another tree in the same store, asked for the same methods, as far as it is
        the same in this one; the methods of which something was known there that may not be."""
        changed = self._files.placed_otherwise(former._files)
        asked = {*former._every, *(method for method, _ in former._of)}
        other = {one for one in asked if any(not changed.isdisjoint(tables.setting(one)) for tables in (self, former))}
        self._every |= {method: found for method, found in former._every.items() if method not in other}
        self._of |= {key: found for key, found in former._of.items() if key[0] not in other}
        return other

    def setting(self, method: str) -> list[int]:
        """The blobs that may set a method of any structure."""
        outlines = self._files.outlines
        return [*outlines.tabled.blobs(method), *outlines.assigned.blobs(method)]

    def filling(self, method: str, struct: str) -> set[int]:
        """The blobs that may fill in a method of a structure."""
        outlines = self._files.outlines
        tabled = set(outlines.tabled.blobs(method)) & set(outlines.tags.blobs(struct))
        return tabled | set(outlines.assigned.blobs(method))

    def entries(self, method: str) -> tuple[TableEntry, ...]:
        """Every table entry and assignment for a method name, in path order."""
        if method not in self._every:
            self._files.parse(self.setting(method))
            self._every[method] = self._placed(self._store.entries(method))
        return self._every[method]

    def entries_of(self, method: str, struct: str) -> tuple[TableEntry, ...]:
        """Every entry of tables of `struct`, and assignment, for a method name, in path order."""
        if (method, struct) not in self._of:
            self._files.parse(self.filling(method, struct))
            placed = self._placed(self._store.entries(method))
            self._of[method, struct] = tuple(one for one in placed if one.struct in (struct, ""))
        return self._of[method, struct]

    def _tabled_in(self, method: str, folder: str) -> tuple[TableEntry, ...]:
        """The entries that tables in the files of a folder have for a method."""
        near = self._files.near(self._files.outlines.tabled.blobs(method), folder)
        self._files.parse(near)
        rows = self._store.entries(method, near) if near else []
        return tuple(one for one in self._placed(rows) if one.struct and one.folder == folder)

    def tabled(self, method: str, most: int) -> tuple[TableEntry, ...]:
        """The entries that tables have for a method: all of them, or some with more than `most` functions."""
        missing = [blob for blob in self._files.outlines.tabled.blobs(method) if not self._files.is_parsed(blob)]
        while True:
            found = tuple(one for one in self._placed(self._store.entries(method)) if one.struct)
            if not missing or len({(one.function, one.path) for one in found}) > most:
                return found
            self._files.parse(missing[:SOME])
            missing = missing[SOME:]

    def entries_naming(self, function: str) -> tuple[TableEntry, ...]:
        """Every table entry of any kind that names a function, in path order."""
        self._files.parse(self._files.outlines.targets.blobs(function))
        return self._placed(self._store.entries_naming(function))

    def _placed(self, rows: Iterable[tuple[int, str, str, str, str, int]]) -> tuple[TableEntry, ...]:
        """Rows of the store -> the entries of this tree."""
        found = [
            TableEntry(tag, variable, method, function, path, line)
            for blob, tag, variable, method, function, line in rows
            if tag or method in self._methods
            for path in self._files.places(blob)
        ]
        return tuple(sorted(found, key=lambda entry: (entry.path, entry.line)))
