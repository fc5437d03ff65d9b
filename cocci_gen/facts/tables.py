"""IndexedFiles and IndexStore -> Tables: a method, or a function -> the entries of operations tables and the assignments."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from cocci_gen.facts.definitions import TableEntry
from cocci_gen.facts.indexed_files import SOME, IndexedFiles
from cocci_gen.facts.store import IndexStore


class Tables:
    """The entries of the tables of one tree; files are parsed as far as a question needs them."""

    def __init__(self, files: IndexedFiles, store: IndexStore, methods: Collection[str]) -> None:
        """An assignment counts only to one of the `methods`; `files` may be outlined later, before the first question."""
        self._files = files
        self._store = store
        self._methods = methods
        self.entries = lru_cache(maxsize=None)(self._entries)
        self.entries_of = lru_cache(maxsize=None)(self._entries_of)
        self.tabled_in = lru_cache(maxsize=None)(self._tabled_in)

    def filling(self, method: str, struct: str) -> set[int]:
        """The blobs that may fill in a method of a structure."""
        outlines = self._files.outlines
        tabled = set(outlines.tabled.blobs(method)) & set(outlines.tags.blobs(struct))
        return tabled | set(outlines.assigned.blobs(method))

    def _entries(self, method: str) -> tuple[TableEntry, ...]:
        """Every table entry and assignment for a method name, in path order."""
        outlines = self._files.outlines
        self._files.parse((*outlines.tabled.blobs(method), *outlines.assigned.blobs(method)))
        return self._placed(self._store.entries(method))

    def _entries_of(self, method: str, struct: str) -> tuple[TableEntry, ...]:
        """Every entry of tables of `struct`, and assignment, for a method name, in path order."""
        self._files.parse(self.filling(method, struct))
        return tuple(one for one in self._placed(self._store.entries(method)) if one.struct in (struct, ""))

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
