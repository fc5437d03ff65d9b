"""Rows about blobs and the graphs of functions <-> one SQLite file for each set of methods."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path

from cocci_gen.code.control_flow import FLOW, Assignment, Call, Graph, Node, Parameter
from cocci_gen.code.source import EXTRACTION
from cocci_gen.errors import CocciGenError
from cocci_gen.own_words import own_words

#: From so many new files on, the look-up indexes are built afterwards.
_BULK = 2000
_INDEXES = ("function_name", "function_blob", "entry_method", "entry_function", "hole_blob")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS blob (id INTEGER PRIMARY KEY, oid TEXT UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS function (
  blob INTEGER NOT NULL, name TEXT NOT NULL, start INTEGER, end INTEGER, line INTEGER, last INTEGER, flags INTEGER);
CREATE INDEX IF NOT EXISTS function_name ON function (name);
CREATE INDEX IF NOT EXISTS function_blob ON function (blob);
CREATE TABLE IF NOT EXISTS entry (
  blob INTEGER NOT NULL, tag TEXT, variable TEXT, method TEXT NOT NULL, function TEXT NOT NULL, line INTEGER);
CREATE INDEX IF NOT EXISTS entry_method ON entry (method);
CREATE INDEX IF NOT EXISTS entry_function ON entry (function);
CREATE TABLE IF NOT EXISTS hole (blob INTEGER NOT NULL, first INTEGER, last INTEGER);
CREATE INDEX IF NOT EXISTS hole_blob ON hole (blob);
CREATE TABLE IF NOT EXISTS graph (oid TEXT NOT NULL, start INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (oid, start));
"""

#: Of one blob: its id, its functions, its table entries, its holes, as the tables above hold them.
IndexRow = tuple[
    str, list[tuple[str, int, int, int, int, int]], list[tuple[str, str, str, str, int]], list[tuple[int, int]]
]


class IndexStoreError(CocciGenError):
    """The file that holds the index cannot be used."""


class IndexStore:
    """The file, open; graphs are written in batches."""

    def __init__(self, folder: Path, methods: frozenset[str]) -> None:
        """`methods` are those whose assignments the rows hold; rows about others lie in another file."""
        self._store = _open_store(folder, methods)
        self._new_graphs: list[tuple[str, int, str]] = []

    def close(self) -> None:
        """Write the graphs that are new and close the file."""
        try:
            self.save()
        finally:
            self._store.close()

    def expect(self, blobs: int) -> None:
        """So many new blobs are to come: for many, the look-up indexes are built afterwards."""
        if blobs > _BULK:
            self._store.executescript("".join(f"DROP INDEX IF EXISTS {name};" for name in _INDEXES))

    def finish(self) -> None:
        """All new blobs have come."""
        self._store.executescript(_SCHEMA)
        self.run("ANALYZE")

    def run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """One statement."""
        try:
            return self._store.execute(statement, values)
        except sqlite3.Error as error:
            raise IndexStoreError(
                f"the index cannot be read or written: {error}; free some space, or move the file away"
            ) from error

    def insert(self, rows: list[IndexRow]) -> None:
        """All rows of a chunk, or none."""
        try:
            with self._store:
                for oid, functions, entries, holes in rows:
                    cursor = self._store.execute("INSERT OR IGNORE INTO blob (oid) VALUES (?)", (oid,))
                    if cursor.rowcount != 1:  # another run was quicker
                        continue
                    blob = cursor.lastrowid
                    self._store.executemany(
                        "INSERT INTO function VALUES (?,?,?,?,?,?,?)", ((blob, *row) for row in functions)
                    )
                    self._store.executemany("INSERT INTO entry VALUES (?,?,?,?,?,?)", ((blob, *row) for row in entries))
                    self._store.executemany("INSERT INTO hole VALUES (?,?,?)", ((blob, *row) for row in holes))
        except sqlite3.Error as error:
            raise IndexStoreError(
                f"the index cannot be written: {error}; free some space, or name another --cache"
            ) from error

    def graph(self, oid: str, start: int) -> tuple[Graph | None] | None:
        """The graph that was kept for the function at a byte of a blob (None where there was none to be had); None when
        nobody has asked for it yet."""
        row = self.run("SELECT body FROM graph WHERE oid = ? AND start = ?", (oid, start)).fetchone()
        return None if row is None else (_loaded(json.loads(row[0])),)

    def keep(self, oid: str, start: int, graph: Graph | None) -> None:
        """Keep a graph for the next time."""
        self._new_graphs.append((oid, start, json.dumps(_dumped(graph), separators=(",", ":"))))
        if len(self._new_graphs) >= 500:
            self.save()

    def save(self) -> None:
        """Write the graphs that are new."""
        if not self._new_graphs:
            return
        try:
            with self._store:
                self._store.executemany("INSERT OR IGNORE INTO graph VALUES (?,?,?)", self._new_graphs)
        except sqlite3.Error as error:
            raise IndexStoreError(
                f"the index cannot be written: {error}; free some space, or name another --cache"
            ) from error
        self._new_graphs.clear()


def _open_store(folder: Path, methods: frozenset[str]) -> sqlite3.Connection:
    name = f"index-{EXTRACTION}.{FLOW}-{abs(_hash_of((*methods, own_words().digest))):08x}.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(folder / name, timeout=60.0, check_same_thread=False)
        try:
            store.execute("PRAGMA journal_mode=WAL")
            store.execute("PRAGMA synchronous=NORMAL")
            store.executescript(_SCHEMA)
        except sqlite3.Error:
            store.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise IndexStoreError(
            f"{folder / name}: cannot open the index ({error}); move the file away or name another --cache"
        ) from error
    return store


def _hash_of(words: Iterable[str]) -> int:
    """A number that stays the same between processes for the same words."""
    return zlib.crc32("\n".join(sorted(words)).encode())


def _dumped(graph: Graph | None) -> object:
    if graph is None:
        return None
    nodes = [
        [
            node.kind, node.line, node.text,
            [[call.callee, call.direct, call.arguments, call.line] for call in node.calls],
            [[a.left, a.right, a.operator, a.declares, a.line] for a in node.assignments],
            node.successors,
        ]
        for node in graph.nodes
    ]  # fmt: skip
    return [graph.name, graph.returns, [[p.name, p.type] for p in graph.parameters], nodes, graph.labels, graph.whole]


def _loaded(data: list | None) -> Graph | None:  # type: ignore[type-arg]
    if data is None:
        return None
    name, returns, parameters, nodes, labels, whole = data
    return Graph(
        name,
        returns,
        tuple(Parameter(*parameter) for parameter in parameters),
        tuple(
            Node(
                kind,
                line,
                text,
                tuple(Call(callee, direct, tuple(arguments), at) for callee, direct, arguments, at in calls),
                tuple(Assignment(*assignment) for assignment in assignments),
                tuple((number, label) for number, label in successors),
            )
            for kind, line, text, calls, assignments, successors in nodes
        ),
        tuple((label, number) for label, number in labels),
        whole,
    )
