"""What a search of a whole tree found, kept by the name of the tree: the next commit is searched in what it changed only."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from contextlib import ExitStack, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from cocci_gen import programs
from cocci_gen.kernel.tree import KernelTree

Hits = tuple[tuple[str, int, str], ...]
_FILE = "searches-1.sqlite"
#: The files that are searched.
SPECS = ("*.c", "*.h")
#: More changed files than this are not read one by one.
_MOST = 2000
#: Trees that are tried as the one before.
_BEFORE = 4


class SearchStore:
    """A file beside the index; it only saves time, so one that cannot be used is done without."""

    def __init__(self, folder: Path) -> None:
        """The folder of the caches; the file is opened by the first search."""
        self._folder = folder
        self._tried = False
        self._store: sqlite3.Connection | None = None

    def _open(self) -> None:
        self._tried = True
        with suppress(OSError, sqlite3.Error), ExitStack() as unless_sound:
            self._folder.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(self._folder / _FILE, timeout=10.0, check_same_thread=False)
            unless_sound.callback(store.close)
            store.execute("PRAGMA journal_mode=WAL")
            store.execute(
                "CREATE TABLE IF NOT EXISTS search (pattern TEXT, tree TEXT, hits BLOB, PRIMARY KEY (pattern, tree))"
            )
            unless_sound.pop_all()
            self._store = store

    def part(self) -> None:
        """In a process that was forked off: nothing of the other one's connection is used."""
        self._inherited, self._store, self._tried = self._store, None, False

    def close(self) -> None:
        """Close the file."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def hits(self, tree: KernelTree, pattern: str) -> Hits:
        """A revision and a regular expression, which git and Python must read alike -> the lines that it fits."""
        if not self._tried:
            self._open()
        known = self._known(pattern, tree.tree)
        if known is not None:
            return known
        found = self._updated(tree, pattern)
        if found is None:
            found = tree.grep(pattern, *SPECS)
        self._keep(pattern, tree.tree, found)
        return found

    def _known(self, pattern: str, name: str) -> Hits | None:
        if self._store is None:
            return None
        with suppress(sqlite3.Error, zlib.error, ValueError, TypeError):
            row = self._store.execute(
                "SELECT hits FROM search WHERE pattern = ? AND tree = ?", (pattern, name)
            ).fetchone()
            if row:
                return tuple((path, line, text) for path, line, text in json.loads(zlib.decompress(row[0])))
        return None

    def _keep(self, pattern: str, name: str, found: Hits) -> None:
        if self._store is None:
            return
        data = zlib.compress(json.dumps(found).encode("ascii"), 1)
        with suppress(sqlite3.Error), self._store:
            self._store.execute("INSERT OR REPLACE INTO search VALUES (?, ?, ?)", (pattern, name, data))

    def _updated(self, tree: KernelTree, pattern: str) -> Hits | None:
        """What an earlier search of another tree found, with the files that differ searched now; None where there is none."""
        if self._store is None:
            return None
        rows: list[tuple[str]] = []
        with suppress(sqlite3.Error):
            words = "SELECT tree FROM search WHERE pattern = ? ORDER BY rowid DESC LIMIT ?"
            rows = self._store.execute(words, (pattern, _BEFORE)).fetchall()
        for (other,) in rows:
            changed = _changed(tree, other)
            before = self._known(pattern, other) if changed is not None else None
            if changed is not None and before is not None:
                kept = [hit for hit in before if hit[0] not in changed]
                return tuple(sorted([*kept, *_searched(tree, pattern, changed)]))
        return None


def _changed(tree: KernelTree, other: str) -> frozenset[str] | None:
    """The files in which two trees of one repository differ; None where that is not known, or too many."""
    ended = tree.run_git("diff-tree", "-r", "-z", "--name-only", "--no-renames", other, tree.tree)
    if not isinstance(ended, programs.Completed) or ended.returncode:
        return None
    paths = frozenset(filter(None, ended.stdout.decode("utf-8", "surrogateescape").split("\0")))
    return paths if len(paths) <= _MOST else None


def _searched(tree: KernelTree, pattern: str, paths: frozenset[str]) -> list[tuple[str, int, str]]:
    wanted, blobs = re.compile(pattern), tree.blobs()
    chosen = [path for path in sorted(paths) if path in blobs and any(fnmatchcase(path, spec) for spec in SPECS)]
    chosen = [path for path in chosen if blobs[path].mode.startswith("100")]
    texts = dict(tree.read_blobs(dict.fromkeys(blobs[path].oid for path in chosen)))
    return [
        (path, number, line)
        for path in chosen
        for number, line in enumerate(texts[blobs[path].oid].decode("utf-8", "surrogateescape").split("\n"), 1)
        if wanted.search(line)
    ]
