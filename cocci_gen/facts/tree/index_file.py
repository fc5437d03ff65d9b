"""Rows <-> one SQLite file for all kernels, in which nothing that is broken is believed.

A file that turns out broken is put aside and a new one is begun, as with the cache of jobs: it holds nothing that cannot
be read again from the tree.  Every row has a sum, for SQLite does not notice a flipped bit in a number.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock

from cocci_gen.code.graphs.control_flow import FLOW
from cocci_gen.code.texts.source import EXTRACTION
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.tree.soundness import is_sound, note_sound
from cocci_gen.own_words import own_words

#: How the tables are laid out; part of the name of the file.
_LAYOUT = 13
#: How the files of this version begin; others read C or lay out their tables in another way.
INDEX_PREFIX = f"index-{EXTRACTION}.{FLOW}.{_LAYOUT}-"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS blob (
  id INTEGER PRIMARY KEY, oid TEXT UNIQUE NOT NULL, functions BLOB, tabled BLOB, assigned BLOB, targets BLOB,
  tags BLOB, called BLOB, sum INTEGER);
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
BLOBS = "SELECT id, oid, functions, tabled, assigned, targets, tags, called, sum FROM blob"
ORDERED = "SELECT sort, last, numbers, sum FROM ordered"
PARSED = "SELECT blob, sum FROM parsed"
FUNCTIONS = "SELECT blob, name, start, end, line, last, flags, sum FROM function"
ENTRIES = "SELECT blob, tag, variable, method, function, line, sum FROM entry"
HOLES = "SELECT blob, first, last, sum FROM hole"
MENTIONS = "SELECT oid, start, name, words, sum, rowid FROM mention"
BESIDE = "SELECT oid, start, name, function, sum, rowid FROM beside"
TOLD = "SELECT oid, start, name, words, sum, rowid FROM told"
MENTIONED = "SELECT lasts, oids, names, numbers, sum FROM mentioned"
DEFINITIONS = "SELECT blob, kind, name, parts, sum FROM definition"
#: Other runs hold the file for seconds while they write a chunk; a minute without it means that something is wrong.
_PATIENCE = 60.0


class IndexStoreError(CocciGenError):
    """The file that holds the index cannot be used."""


class BrokenIndexError(IndexStoreError):
    """The file that holds the index was broken and has been put aside: whatever was read from it is in doubt."""


class IndexFile:
    """The file, open."""

    def __init__(self, folder: Path) -> None:
        """Open or make the file in a folder of caches; IndexStoreError when that cannot be."""
        self._path = folder / f"{INDEX_PREFIX}{own_words().digest}.sqlite"
        # For opening and mending only: SQLite does not wait when two processes turn a new file into a WAL one.
        self._alone = filelock.FileLock(f"{self._path}.lock", timeout=_PATIENCE)
        #: Whether nothing of the file was found to be broken.
        self._whole = True
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with self._alone:
                self._connection = self._opened()
                #: Tells the file from others that lie, or lay, in the same place.
                self.number = self._path.stat().st_ino
        except (OSError, sqlite3.Error) as error:
            raise IndexStoreError(
                f"{self._path}: cannot open the index ({error}); free some space or name another --cache"
            ) from error

    def part(self) -> None:
        """In a process that was forked off: open the file once more, for SQLite's connections cannot be shared."""
        self._inherited = self._connection  # to close it would take the locks of the other process away
        try:
            self._connection = _joined(self._path)
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def vouch(self) -> None:
        """Note that the file, closed and written whole, is sound, unless something of it was found to be broken."""
        if self._whole:
            note_sound(self._path)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The file, to write in: all that the block writes, or nothing."""
        try:
            with self._connection:
                yield self._connection
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def summed(self, statement: str, value: object) -> list[tuple[Any, ...]]:
        """Rows without their sums; BrokenIndexError when one does not fit its sum."""
        return self.sound(self.rows(statement, (value,)))

    def sound(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows without their sums; BrokenIndexError when one does not fit its sum."""
        bare = [row[:-1] for row in rows]
        self.check(sound=sums(bare) == [row[-1] for row in rows])
        return bare

    def check(self, *, sound: bool) -> None:
        """BrokenIndexError, and the file put aside, where rows do not fit their sums."""
        if not sound:
            self._put_aside()
            raise BrokenIndexError(
                f"the index {self._path} was broken (a row does not fit its sum); it has been put aside"
            )

    def rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        try:
            return self._connection.execute(statement, values).fetchall()
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


def _joined(path: Path) -> sqlite3.Connection:
    """The file, open, as it is."""
    store = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
    except sqlite3.Error:
        store.close()
        raise
    return store


def _connected(path: Path) -> sqlite3.Connection:
    """The file, open; sqlite3.DatabaseError when it is broken."""
    store = _joined(path)
    try:
        if not is_sound(store, path):
            raise _DamagedError
        store.executescript(_SCHEMA)
        for table in (
            BLOBS,
            ORDERED,
            PARSED,
            FUNCTIONS,
            ENTRIES,
            HOLES,
            DEFINITIONS,
            MENTIONS,
            TOLD,
            BESIDE,
            MENTIONED,
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


def sum_of_row(row: tuple[object, ...]) -> int:
    """The sum of a row."""
    return zlib.crc32(repr(row).encode())


def sums(rows: Iterable[tuple[object, ...]]) -> list[int]:
    """The sums of many rows, without a call of ours for each."""
    return list(map(zlib.crc32, map(str.encode, map(repr, rows))))


def sum_of(row: tuple[object, ...], data: tuple[object, ...]) -> int:
    """The sum of a row and its bytes, which would be slow to spell out."""
    total = sum_of_row(row)
    for part in data:
        total = zlib.crc32(part if isinstance(part, bytes) else repr(part).encode(), total)
    return total
