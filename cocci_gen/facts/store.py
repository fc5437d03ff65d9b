"""Rows about blobs and the graphs of functions <-> one SQLite file for all kernels.

A file that turns out broken is put aside and a new one is begun, as with the cache of jobs: it holds nothing that cannot
be read again from the tree.  Every row has a sum, for SQLite does not notice a flipped bit in a number.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import filelock

from cocci_gen.code.control_flow import FLOW, Graph
from cocci_gen.code.source import EXTRACTION
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.kept_graphs import KeptGraphs
from cocci_gen.facts.mentions import KeptMentions, in_words
from cocci_gen.facts.outlines import in_order, numbered
from cocci_gen.facts.soundness import is_sound, note_sound
from cocci_gen.own_words import own_words

#: How the tables are laid out; part of the name of the file.
_LAYOUT = 10
#: How the files of this version begin; others read C or lay out their tables in another way.
INDEX_PREFIX = f"index-{EXTRACTION}.{FLOW}.{_LAYOUT}-"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS blob (
  id INTEGER PRIMARY KEY, oid TEXT UNIQUE NOT NULL, functions BLOB, tabled BLOB, assigned BLOB, targets BLOB,
  tags BLOB, sum INTEGER);
CREATE TABLE IF NOT EXISTS ordered (sort INTEGER PRIMARY KEY, last INTEGER, numbers BLOB, sum INTEGER);
CREATE TABLE IF NOT EXISTS parsed (blob INTEGER PRIMARY KEY, sum INTEGER);
CREATE TABLE IF NOT EXISTS function (
  blob INTEGER NOT NULL, name TEXT NOT NULL, start INTEGER, end INTEGER, line INTEGER, last INTEGER, flags INTEGER,
  sum INTEGER);
CREATE INDEX IF NOT EXISTS function_name ON function (name);
CREATE INDEX IF NOT EXISTS function_blob ON function (blob);
CREATE TABLE IF NOT EXISTS entry (
  blob INTEGER NOT NULL, tag TEXT, variable TEXT, method TEXT NOT NULL, function TEXT NOT NULL, line INTEGER, sum INTEGER);
CREATE INDEX IF NOT EXISTS entry_method ON entry (method);
CREATE INDEX IF NOT EXISTS entry_function ON entry (function);
CREATE TABLE IF NOT EXISTS hole (blob INTEGER NOT NULL, first INTEGER, last INTEGER, sum INTEGER);
CREATE INDEX IF NOT EXISTS hole_blob ON hole (blob);
CREATE TABLE IF NOT EXISTS definition (blob INTEGER NOT NULL, kind TEXT, name TEXT, parts TEXT, sum INTEGER);
CREATE TABLE IF NOT EXISTS mention (
  oid TEXT NOT NULL, start INTEGER NOT NULL, name TEXT NOT NULL, words BLOB, sum INTEGER, PRIMARY KEY (oid, start, name));
CREATE TABLE IF NOT EXISTS told (
  oid TEXT NOT NULL, start INTEGER NOT NULL, name TEXT NOT NULL, words BLOB, sum INTEGER, PRIMARY KEY (oid, start, name));
CREATE TABLE IF NOT EXISTS beside (
  oid TEXT NOT NULL, start INTEGER NOT NULL, name TEXT NOT NULL, function TEXT NOT NULL, sum INTEGER,
  PRIMARY KEY (oid, start, name, function));
CREATE TABLE IF NOT EXISTS mentioned (
  number INTEGER PRIMARY KEY, lasts TEXT, oids BLOB, names BLOB, numbers BLOB, sum INTEGER);
CREATE TABLE IF NOT EXISTS graph (oid TEXT NOT NULL, start INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (oid, start));
"""
_BLOBS = "SELECT id, oid, functions, tabled, assigned, targets, tags, sum FROM blob"
_ORDERED = "SELECT sort, last, numbers, sum FROM ordered"
_PARSED = "SELECT blob, sum FROM parsed"
_FUNCTIONS = "SELECT blob, name, start, end, line, last, flags, sum FROM function"
_ENTRIES = "SELECT blob, tag, variable, method, function, line, sum FROM entry"
_HOLES = "SELECT blob, first, last, sum FROM hole"
_MENTIONS = "SELECT oid, start, name, words, sum, rowid FROM mention"
_BESIDE = "SELECT oid, start, name, function, sum, rowid FROM beside"
_TOLD = "SELECT oid, start, name, words, sum, rowid FROM told"
_MENTIONED = "SELECT lasts, oids, names, numbers, sum FROM mentioned"
_DEFINITIONS = "SELECT blob, kind, name, parts, sum FROM definition"
#: Other runs hold the file for seconds while they write a chunk; a minute without it means that something is wrong.
_PATIENCE = 60.0

#: Functions, tabled and assigned methods, targets, tags.
SORTS = 5
#: Names of more blobs than these, and than a tenth of those that stand in order, are put in order.
_FEW, _TENTH = 500, 10
#: The same of outlines, which every process that asks puts in order for itself until they are: each night of a batch, say.
_FORTIETH = 40

#: Before the first rows of the three tables that tell what is mentioned.
_NOTHING = (0, 0, 0)

#: Of one blob, before it is parsed: its name, its outline as `outlines.packed` makes it, its definitions.
OutlineRow = tuple[str, tuple[bytes, ...], list[tuple[str, str, str]]]
#: Of one blob that was parsed: its name, its functions, its table entries, its holes, as the tables above hold them.
FactsRow = tuple[
    str, list[tuple[str, int, int, int, int, int]], list[tuple[str, str, str, str, int]], list[tuple[int, int]]
]


class IndexStoreError(CocciGenError):
    """The file that holds the index cannot be used."""


class BrokenIndexError(IndexStoreError):
    """The file that holds the index was broken and has been put aside: whatever was read from it is in doubt."""


class IndexStore:
    """The file, open; graphs are written in batches."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in a folder of caches."""
        self._path = folder / f"{INDEX_PREFIX}{own_words().digest}.sqlite"
        # For opening and mending only: SQLite does not wait when two processes turn a new file into a WAL one.
        self._alone = filelock.FileLock(f"{self._path}.lock", timeout=_PATIENCE)
        #: Whether nothing of the file was found to be broken.
        self._whole = True
        self._graphs = KeptGraphs()
        self._new_graphs: list[tuple[str, int, bytes]] = []
        self._new_mentions: list[tuple[str, int, str, bytes]] = []
        self._new_texts: list[tuple[str, int, str, bytes]] = []
        self._new_beside: set[tuple[str, int, str, str]] = set()
        #: Functions of which it was noted what they mention.
        self._noted = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with self._alone:
                self._store = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise IndexStoreError(
                f"{self._path}: cannot open the index ({error}); free some space or name another --cache"
            ) from error

    def close(self) -> None:
        """Write the graphs that are new and close the file; where much was read, what it mentions is put in order."""
        try:
            self.save()
            if self._noted > _FEW:
                self.mentions()
        finally:
            self._store.close()
        if self._whole:
            note_sound(self._path)

    def blobs(self) -> dict[str, int]:
        """Every blob that the file holds, with its number."""
        return {oid: number for number, oid in self._rows("SELECT id, oid FROM blob")}

    def numbers(self, oids: list[str]) -> dict[str, int]:
        """Those of some blobs that the file holds, with their numbers."""
        marks = ",".join("?" * len(oids))
        return {
            oid: number for number, oid in self._rows(f"SELECT id, oid FROM blob WHERE oid IN ({marks})", tuple(oids))
        }

    def names(self) -> list[tuple[bytes, dict[int, bytes]]]:
        """Of each sort of names those of most blobs as `outlines.in_order` keeps them, and those of the rest as `outlines.packed`
        does; where these are many, they are put in order first."""
        ordered = self._ordered()
        last = min((last for last, _ in ordered), default=0)
        rest = self._outlines(last)
        if len(rest) > _FEW + last // _FORTIETH:
            self._put_in_order(self._outlines(0) if last else rest)
            ordered, rest = self._ordered(), []
        return [
            (ordered[sort][1] if ordered else b"", {blob: names[sort] for blob, names in rest if names[sort]})
            for sort in range(SORTS)
        ]

    def _outlines(self, behind: int) -> list[tuple[int, tuple[bytes, ...]]]:
        """(blob, names as `outlines.packed` keeps them) of the blobs with a greater number."""
        rows = self._rows(f"{_BLOBS} WHERE id > ?", (behind,))
        self._check(sound=all(_sum_of((row[0], row[1]), row[2:-1]) == row[-1] for row in rows))
        return [(row[0], row[2:-1]) for row in rows]

    def _ordered(self) -> list[tuple[int, bytes]]:
        """Per sort the last blob whose names stand in order, and these names; none before anything was put in order."""
        rows = self._rows(f"{_ORDERED} ORDER BY sort")
        self._check(sound=all(_sum_of(row[:2], row[2:-1]) == row[-1] for row in rows) and len(rows) in (0, SORTS))
        return [(last, numbers) for _, last, numbers, _ in rows]

    def _put_in_order(self, outlines: list[tuple[int, tuple[bytes, ...]]]) -> None:
        last = max(blob for blob, _ in outlines)
        try:
            with self._store:
                for sort in range(SORTS):
                    numbers = in_order((blob, names[sort]) for blob, names in outlines)
                    row = (sort, last, numbers)
                    self._store.execute(
                        "INSERT OR REPLACE INTO ordered VALUES (?,?,?,?)", (*row, _sum_of(row[:2], row[2:]))
                    )
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def parsed(self) -> set[int]:
        """The blobs whose functions, entries and holes are there."""
        return {blob for (blob,) in self._sound(self._rows(_PARSED))}

    def functions(self, name: str) -> list[tuple[int, str, int, int, int, int, int]]:
        """(blob, name, start, end, line, last line, flags) of the functions of that name."""
        return self._summed(f"{_FUNCTIONS} WHERE name = ?", name)

    def functions_in(self, blob: int) -> list[tuple[int, str, int, int, int, int, int]]:
        """The functions of a blob, in order."""
        return self._summed(f"{_FUNCTIONS} WHERE blob = ? ORDER BY start", blob)

    def entries(self, method: str, among: Sequence[int] = ()) -> list[tuple[int, str, str, str, str, int]]:
        """(blob, tag, variable, method, function, line) of the table entries and assignments for a method name, in some blobs or
        in all."""
        marks = f" AND blob IN ({','.join('?' * len(among))})" if among else ""
        return self._sound(self._rows(f"{_ENTRIES} WHERE method = ?{marks}", (method, *among)))

    def entries_naming(self, function: str) -> list[tuple[int, str, str, str, str, int]]:
        """The table entries and assignments that name a function."""
        return self._summed(f"{_ENTRIES} WHERE function = ?", function)

    def holes(self, blob: int) -> list[tuple[int, int, int]]:
        """(blob, first, last) of the lines of a blob that did not parse."""
        return self._summed(f"{_HOLES} WHERE blob = ?", blob)

    def definitions(self) -> list[tuple[int, str, str, str]]:
        """(blob, kind, name, parts as JSON) of everything that changes how files are read."""
        return self._sound(self._rows(_DEFINITIONS))

    def insert_outlines(self, rows: list[OutlineRow]) -> None:
        """All rows of a chunk, or none."""
        try:
            with self._store:
                for oid, names, definitions in rows:
                    cursor = self._store.execute("INSERT OR IGNORE INTO blob (oid) VALUES (?)", (oid,))
                    if cursor.rowcount != 1:  # another run was quicker
                        continue
                    blob = cursor.lastrowid
                    self._store.execute(
                        "UPDATE blob SET functions = ?, tabled = ?, assigned = ?, targets = ?, tags = ?, sum = ? WHERE id = ?",
                        (*names, _sum_of((blob, oid), names), blob),
                    )
                    self._insert("definition", [(blob, *one) for one in definitions])
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def insert_facts(self, rows: list[tuple[int, FactsRow]]) -> None:
        """What was parsed of some blobs, all of it or nothing."""
        try:
            with self._store:
                for blob, (_, functions, entries, holes) in rows:
                    cursor = self._store.execute("INSERT OR IGNORE INTO parsed VALUES (?, ?)", (blob, _sum((blob,))))
                    if cursor.rowcount == 1:  # no other run was quicker
                        self._insert("function", [(blob, *one) for one in functions])
                        self._insert("entry", [(blob, *one) for one in entries])
                        self._insert("hole", [(blob, *one) for one in holes])
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            self._store.executemany(
                f"INSERT INTO {table} VALUES ({','.join('?' * (len(rows[0]) + 1))})",
                [(*row, _sum(row)) for row in rows],
            )

    def graph(self, oid: str, start: int) -> tuple[Graph | None] | None:
        """The graph that was kept for the function at a byte of a blob (None where there was none to be had); None when
        nobody has asked for it yet, or what was kept is damaged."""
        rows = self._rows("SELECT body FROM graph WHERE oid = ? AND start = ?", (oid, start))
        try:
            return (self._graphs.read(rows[0][0]),) if rows else None
        except (zlib.error, ValueError, TypeError):
            return None  # the sum of zlib: the graph is made again

    def keep(self, oid: str, start: int, graph: Graph | None) -> Graph | None:
        """Keep a graph for the next time; returns the same, with what is equal in it and in others held once."""
        data, graph = self._graphs.written(graph)
        self._new_graphs.append((oid, start, data))
        if len(self._new_graphs) >= 500:
            self.save()
        return graph

    def mentions(self) -> KeptMentions:
        """The words that every function mentions whose graph or text was asked for, and what those hang on that hang on others
        beside what they lead to; where many of them do not stand in order yet, they are put in order first."""
        self.save()
        lasts, kept = self._mentioned()
        rows, ends = self._mentions_from(lasts)
        if len(rows) > _FEW + len(kept.blobs) // _TENTH:
            rows, ends = self._mentions_from(_NOTHING)
            kept = KeptMentions(
                [oid for oid, _, _ in rows],
                [name for _, name, _ in rows],
                in_order((number, words) for number, (_, _, words) in enumerate(rows)),
                {},
            )
            self._keep_mentioned(ends, kept)
            return kept
        first = len(kept.blobs)
        return KeptMentions(
            [*kept.blobs, *(oid for oid, _, _ in rows)],
            [*kept.names, *(name for _, name, _ in rows)],
            kept.ordered,
            {first + number: words for number, (_, _, words) in enumerate(rows)},
        )

    def _mentions_from(self, lasts: tuple[int, ...]) -> tuple[list[tuple[str, str, bytes]], tuple[int, ...]]:
        """(blob name, function, words as `outlines.numbered` keeps them) of the rows from one on in each of the three tables, and
        the last of each.  That one is read again: SQLite gives its number to what is put in its place."""
        found = [
            self._rows(f"{table} WHERE rowid >= ?", (last,))
            for table, last in zip((_MENTIONS, _TOLD, _BESIDE), lasts, strict=True)
        ]
        self._check(sound=all(_sum_of(row[:3], row[3:4]) == row[4] for rows in found[:2] for row in rows))
        self._check(sound=_sums(row[:4] for row in found[2]) == [row[4] for row in found[2]])
        words = [(oid, name, words) for rows in found[:2] for oid, _, name, words, _, _ in rows]
        beside = [(oid, name, numbered((in_words(other),))) for oid, _, name, other, _, _ in found[2]]
        ends = (max((row[5] for row in rows), default=last) for rows, last in zip(found, lasts, strict=True))
        return [*words, *beside], tuple(ends)

    def _mentioned(self) -> tuple[tuple[int, ...], KeptMentions]:
        """What is mentioned as far as it stands in order, and the last row of each table that is among it."""
        for lasts, oids, names, numbers, total in self._rows(_MENTIONED):
            self._check(sound=_sum_of((lasts,), (oids, names, numbers)) == total)
            blobs, functions = (data.decode("utf-8", "surrogatepass").split("\0") for data in (oids, names))
            return tuple(map(int, lasts.split())), KeptMentions(blobs, functions, numbers, {})
        return _NOTHING, KeptMentions((), (), b"", {})

    def _keep_mentioned(self, lasts: tuple[int, ...], kept: KeptMentions) -> None:
        words = " ".join(map(str, lasts))
        oids, names = ("\0".join(one).encode("utf-8", "surrogatepass") for one in (kept.blobs, kept.names))
        data = oids, names, kept.ordered
        try:
            with self._store:
                row = (0, words, *data, _sum_of((words,), data))
                self._store.execute("INSERT OR REPLACE INTO mentioned VALUES (?,?,?,?,?,?)", row)
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def note(self, oid: str, start: int, name: str, words: bytes) -> None:
        """Keep which words a function, or a macro, mentions."""
        self._new_mentions.append((oid, start, name, words))

    def note_text(self, oid: str, start: int, name: str, words: bytes) -> None:
        """Keep what a function calls whose text alone was asked for."""
        self._new_texts.append((oid, start, name, words))

    def note_beside(self, oid: str, start: int, name: str, function: str) -> None:
        """Keep that a function hangs on another one."""
        self._new_beside.add((oid, start, name, function))

    def save(self) -> None:
        """Write the graphs that are new."""
        if not any((self._new_graphs, self._new_mentions, self._new_texts, self._new_beside)):
            return
        try:
            with self._store:
                self._store.executemany("INSERT OR REPLACE INTO graph VALUES (?,?,?)", self._new_graphs)
                self._store.executemany(
                    "INSERT OR IGNORE INTO beside VALUES (?,?,?,?,?)", [(*row, _sum(row)) for row in self._new_beside]
                )
                for verb, noted in (
                    ("REPLACE INTO mention", self._new_mentions),
                    ("IGNORE INTO told", self._new_texts),
                ):
                    self._store.executemany(
                        f"INSERT OR {verb} VALUES (?,?,?,?,?)", [(*row, _sum_of(row[:3], row[3:])) for row in noted]
                    )
        except sqlite3.Error as error:
            raise self._problem(error) from error
        self._noted += len(self._new_mentions) + len(self._new_texts)
        self._new_graphs.clear()
        self._new_mentions.clear()
        self._new_texts.clear()
        self._new_beside.clear()

    def _summed(self, statement: str, value: object) -> list[tuple[Any, ...]]:
        """Rows without their sums; BrokenIndexError when one does not fit its sum."""
        return self._sound(self._rows(statement, (value,)))

    def _sound(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows without their sums; BrokenIndexError when one does not fit its sum."""
        bare = [row[:-1] for row in rows]
        self._check(sound=_sums(bare) == [row[-1] for row in rows])
        return bare

    def _check(self, *, sound: bool) -> None:
        """BrokenIndexError, and the file put aside, where rows do not fit their sums."""
        if not sound:
            self._put_aside()
            raise BrokenIndexError(
                f"the index {self._path} was broken (a row does not fit its sum); it has been put aside"
            )

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        try:
            return self._store.execute(statement, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._problem(error) from error

    def _opened(self) -> sqlite3.Connection:
        """The file, sound: one that is not is put aside and a new one begun."""
        try:
            return _connected(self._path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if not _is_broken(error):
                raise
        self._put_aside()
        self._whole = True
        return _connected(self._path)

    def _put_aside(self) -> None:
        """Give the file another name; runs that have it open keep what they have."""
        self._whole = False
        if self._path.exists():
            self._path.rename(self._path.with_name(f"{self._path.name}.broken-{os.getpid()}-{time.time_ns()}"))
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _problem(self, error: sqlite3.Error | UnicodeDecodeError) -> IndexStoreError:
        if not _is_broken(error):
            return IndexStoreError(
                f"the index cannot be read or written: {error}; free some space, or name another --cache"
            )
        with self._alone:
            self._put_aside()
        return BrokenIndexError(f"the index {self._path} was broken ({error}); it has been put aside")


def _connected(path: Path) -> sqlite3.Connection:
    """The file, open; sqlite3.DatabaseError when it is broken."""
    store = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        if not is_sound(store, path):
            raise _DamagedError
        store.executescript(_SCHEMA)
        for table in (
            _BLOBS,
            _ORDERED,
            _PARSED,
            _FUNCTIONS,
            _ENTRIES,
            _HOLES,
            _DEFINITIONS,
            _MENTIONS,
            _TOLD,
            _BESIDE,
            _MENTIONED,
        ):
            store.execute(f"{table} LIMIT 0")
    except (sqlite3.Error, UnicodeDecodeError):
        store.close()
        raise
    return store


class _DamagedError(sqlite3.DatabaseError):
    """What the check of a file has found."""


def _is_broken(error: Exception) -> bool:
    """Whether the file itself is damaged or is none of ours, as opposed to locked, read-only or on a full disk."""
    return (
        isinstance(error, (_DamagedError, UnicodeDecodeError))
        or getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_MISMATCH"))
        or any(words in str(error) for words in ("no such table", "no such column", "malformed", "there is already"))
    )


def _sum(row: tuple[object, ...]) -> int:
    return zlib.crc32(repr(row).encode())


def _sums(rows: Iterable[tuple[object, ...]]) -> list[int]:
    """The sums of many rows, without a call of ours for each."""
    return list(map(zlib.crc32, map(str.encode, map(repr, rows))))


def _sum_of(row: tuple[object, ...], data: tuple[object, ...]) -> int:
    """The sum of a row and its bytes, which would be slow to spell out."""
    total = _sum(row)
    for part in data:
        total = zlib.crc32(part if isinstance(part, bytes) else repr(part).encode(), total)
    return total
