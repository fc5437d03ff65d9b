"""Key -> finished work, in one SQLite file that several runs may use at the same time.

One row per piece of work, committed as soon as it is there: a run that is killed loses what was in flight and no more.
Rows are found by the hash of all that went into them, so there is nothing to invalidate; old ones go when the file has
grown too large.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import filelock

from cocci_gen.errors import StorageError

#: A file above this size loses its older half when it is opened.
_LARGEST = 1 << 30
#: Other runs hold the file for milliseconds; a minute without it means that something is wrong.
_PATIENCE = 60.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS work_1 (key TEXT PRIMARY KEY, made REAL NOT NULL, value BLOB NOT NULL) WITHOUT ROWID"
)


def content_key(parts: Iterable[str | bytes]) -> str:
    """All that a result depends on, in order -> one key; lengths are hashed too, so that nothing can shift."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def _tell_nobody(_: str) -> None:
    """Nobody wants to know."""


class JobCache:
    """Finished work by key; a context manager, safe for threads and for several processes."""

    def __init__(self, path: Path, tell: Callable[[str], None] = _tell_nobody) -> None:
        """Open or make the file; `tell` gets a sentence when a broken one had to be put aside."""
        self.path = path
        self._tell = tell
        self._lock = threading.RLock()
        # For opening and mending only: SQLite does not wait when two processes turn a new file into a WAL one.
        self._alone = filelock.FileLock(f"{path}.lock", timeout=_PATIENCE)
        self._database: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._alone:
                self._database = self._open()
            self._prune()
        except OSError as error:
            raise StorageError(
                f"cannot make the cache {path}: {error.strerror or error}; name another folder by --cache"
            ) from error
        except sqlite3.Error as error:
            self._recover(error)

    def __enter__(self) -> JobCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; everything is already in it."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def get(self, key: str) -> bytes | None:
        """The value of a key; None when it is not there (or was in a part of the file that turned out broken)."""
        rows = self._do("SELECT value FROM work_1 WHERE key = ?", (key,))
        if not rows:
            return None
        try:
            return zlib.decompress(rows[0][0])
        except (zlib.error, TypeError):
            return None  # written over by the work that is now done again

    def put(self, key: str, value: bytes) -> None:
        """Keep a value, at once and for good; StorageError when that cannot be done."""
        row = (key, time.time(), zlib.compress(value, 1))
        self._do("INSERT OR REPLACE INTO work_1 (key, made, value) VALUES (?, ?, ?)", row)

    def __len__(self) -> int:
        rows = self._do("SELECT count(*) FROM work_1", ())
        return int(rows[0][0]) if rows else 0

    def _do(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """Run one statement in a transaction of its own; a broken file is put aside and the statement tried again."""
        with self._lock:
            try:
                return self._execute(statement, values)
            except sqlite3.Error as error:
                self._recover(error)
            try:
                return self._execute(statement, values)
            except sqlite3.Error as error:
                raise self._problem(error) from error

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        if self._database is None:
            raise sqlite3.ProgrammingError("it has been closed")
        return self._database.execute(statement, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        """A connection whose every statement is a transaction; sqlite3.Error when there is something wrong."""
        database = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            # WAL with NORMAL: a commit survives the death of this process, though not a power cut, and costs no fsync.
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(_TABLE)
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _recover(self, error: sqlite3.Error) -> None:
        """Put a broken file aside and begin a new one; StorageError for everything that this does not mend."""
        if not _is_broken(error):
            raise self._problem(error) from error
        try:
            with self._alone:
                if not self._is_healthy():  # another run may have mended it meanwhile
                    self.close()
                    self._put_aside(error)
                    self._database = self._open()
        except sqlite3.Error as again:
            raise self._problem(again) from again
        except OSError as problem:
            raise StorageError(f"the cache {self.path} is broken and cannot be moved: {problem}") from problem

    def _is_healthy(self) -> bool:
        """Whether the file that now has this name is sound."""
        self.close()
        try:
            self._database = self._open()
            return [row[0] for row in self._execute("PRAGMA quick_check(1)")] == ["ok"]
        except sqlite3.Error as error:
            if _is_broken(error):
                return False
            raise

    def _put_aside(self, error: sqlite3.Error) -> None:
        broken = self.path.with_name(f"{self.path.name}.broken-{os.getpid()}-{time.time_ns()}")
        self.path.rename(broken)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._tell(
            f"the cache {self.path} was broken ({error}); it is now {broken.name}, and a new one is being filled"
        )

    def _prune(self) -> None:
        """Forget the older half of a file that has grown too large."""
        if self.path.stat().st_size > _LARGEST:
            self._do("DELETE FROM work_1 WHERE made < (SELECT avg(made) FROM work_1)", ())
            self._do("VACUUM", ())

    def _problem(self, error: sqlite3.Error) -> StorageError:
        return StorageError(
            f"the cache {self.path} cannot be used: {error}; free some space or choose another cache folder "
            f"(what was finished until now is kept)"
        )


def _is_broken(error: sqlite3.Error) -> bool:
    """Whether the file itself is damaged, as opposed to locked, read-only or on a full disk."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or (
        "no such table" in str(error) or "no such column" in str(error)
    )
