"""A file of SQLite -> whether its pages fit together; what was looked through once is not again until somebody writes it.

Looking through all pages takes a second or two where several kernels are indexed.  The state of the file in which it was found
sound, or was left by whom it was sound for, is noted beside it: a write of anybody else changes that state.  What is not
written into the file yet (`-wal`) has sums of its own.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from pathlib import Path

#: The clock of files stands still so long, in nanoseconds: what is written behind a note must not look as old as what is noted.
_TICK = 20_000_000


def is_sound(store: sqlite3.Connection, path: Path) -> bool:
    """Whether the pages of an open file fit together."""
    with contextlib.suppress(OSError):  # no note, or none that can be read
        if _note(path).read_bytes() == _state(path):
            return True
    sound: bool = store.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
    return sound


def note_sound(path: Path) -> None:
    """Note the state of a file that was sound when it was opened, and that only SQLite has written since; where that cannot be
    noted, the file is looked through again."""
    with contextlib.suppress(OSError):
        noted = _note(path)
        if not noted.is_file() or noted.read_bytes() != _state(path):
            if time.time_ns() - path.stat().st_ctime_ns < _TICK:
                time.sleep(_TICK / 1e9)
            noted.write_bytes(_state(path))


def _state(path: Path) -> bytes:
    """What every write changes: number, size and time of change of a file."""
    status = path.stat()
    return json.dumps([status.st_ino, status.st_size, status.st_ctime_ns]).encode()


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".sound")
