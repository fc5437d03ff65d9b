"""KernelIndex x functions whose text changed -> the functions that a change reaches through calls, level by level.

Which file calls what is kept by object name in a file beside the index, so the second question about a tree reads nothing.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.code.texts.outline import words_before_brackets
from cocci_gen.code.texts.remarks import blanked
from cocci_gen.code.texts.source import is_misread
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.index_file import IndexStoreError
from cocci_gen.facts.tree.outlines import Names, in_order, numbered
from cocci_gen.facts.tree.soundness import is_sound, note_sound

_FILE = "callers-2.sqlite"
#: Where callers are looked for besides the folders of what changed: where file systems and what they stand on live.
ROOTS = ("fs", "mm", "block", "include", "lib")
#: More functions than this are not looked at: the change is one of the kernel's foundations.
MOST = 3000
#: Names of more files than these, and than a fortieth of those that stand in order, are put in order.
_FEW, _FORTIETH = 500, 40
_SCHEMA = """
CREATE TABLE IF NOT EXISTS called (number INTEGER PRIMARY KEY, oid TEXT UNIQUE NOT NULL, names BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS ordered (one INTEGER PRIMARY KEY, last INTEGER NOT NULL, names BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """The functions that a change reaches, as (path, name); `beyond` are the next to come to them by calls where there are
    more than are looked at."""

    functions: frozenset[tuple[str, str]]
    beyond: frozenset[tuple[str, str]]


class CallerIndex:
    """Who calls a name, over the files of an index."""

    def __init__(self, folder: Path) -> None:
        """The folder of the caches; IndexStoreError when it cannot be written."""
        self._path = folder / _FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._store = _opened(self._path)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged, or none of ours: it holds what is read again in seconds
                for suffix in ("", "-wal", "-shm"):
                    (folder / f"{_FILE}{suffix}").unlink(missing_ok=True)
                self._store = _opened(self._path)
            self._know()
        except (OSError, sqlite3.Error) as error:
            raise IndexStoreError(f"{self._path}: cannot be opened ({error}); name another --cache") from error

    def _know(self) -> None:
        """Which files are there, by number, and the names in them, read when they are asked for."""
        self._oids: dict[int, str] = dict(self._store.execute("SELECT number, oid FROM called"))
        self._known = frozenset(self._oids.values())
        self._names: Names | None = None

    def close(self) -> None:
        """Close the file."""
        self._store.close()
        note_sound(self._path)

    def update(self, index: KernelIndex, roots: Collection[str]) -> int:
        """Read the files below `roots` that are not known yet; how many they were."""
        below = tuple(f"{root}/" for root in roots)
        missing = sorted({oid for path, oid in index.paths().items() if path.startswith(below)} - self._known)
        if not missing:
            return 0
        with self._writing():
            for oid, text in index.tree.read_blobs(missing):
                row = oid, numbered(words_before_brackets(text))
                self._store.execute("INSERT OR IGNORE INTO called (oid, names) VALUES (?, ?)", row)
        self._know()
        return len(missing)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All that the block writes, or nothing."""
        try:
            with self._store:
                yield
        except sqlite3.Error as error:
            raise IndexStoreError(f"the index of callers cannot be written: {error}; free some space") from error

    def naming(self, names: Collection[str], index: KernelIndex, home: str = "") -> dict[str, list[str]]:
        """Names -> for each the files of the index that call it, or seldom do not (its number is that of another name); `home` is
        the folder of the module to which the files belong, "" for those of the kernel."""
        if self._names is None:
            self._names = self._read()
        return {name: list(self._calling(name, self._names, index, home)) for name in names}

    def _calling(self, name: str, names: Names, index: KernelIndex, home: str) -> Iterator[str]:
        for number in names.blobs(name):
            yield from (path for path in index.places(self._oids[number]) if index.tree.home(path) == home)

    def _read(self) -> Names:
        """The names of all files: most of them in order, where they are put when many are not."""
        last, ordered = self._ordered()
        rest = self._behind(last)
        if len(rest) > _FEW + last // _FORTIETH:
            every = self._behind(0)
            last, ordered, rest = max(every), in_order(every.items()), {}
            with self._writing():
                self._store.execute("INSERT OR REPLACE INTO ordered VALUES (0, ?, ?)", (last, ordered))
        return Names(ordered, rest, self._oids)

    def _ordered(self) -> tuple[int, bytes]:
        """The last file whose names stand in order, and these names."""
        for last, names in self._store.execute("SELECT last, names FROM ordered"):
            return last, names
        return 0, b""

    def _behind(self, last: int) -> dict[int, bytes]:
        """The names of the files with a greater number."""
        return dict(self._store.execute("SELECT number, names FROM called WHERE number > ?", (last,)))


def reached_by(
    index: KernelIndex,
    callers: CallerIndex,
    changed: Iterable[tuple[str, str]],
    macros: Iterable[tuple[str, str]],
    spare: int = 0,
) -> Reached:
    """Functions and macros (path, name) that a change touches -> those functions, and all that come to them by calls, in
    all `MOST`, and `spare` more."""
    seen: set[tuple[str, str]] = set(changed)
    level, macros_left = set(seen), set(macros)
    while following := _callers_of(index, callers, level, macros_left) - seen:
        if len(seen) + len(following) > MOST + spare:
            return Reached(frozenset(seen), frozenset(following))
        seen |= following
        level, macros_left = following, set()
    return Reached(frozenset(seen), frozenset())


def _callers_of(
    index: KernelIndex, callers: CallerIndex, functions: Iterable[tuple[str, str]], macros: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """One level: the functions that name one of these where the name means it; the kernel calls nothing of a module."""
    found = set[tuple[str, str]]()
    wide: dict[str, dict[str, set[str]]] = {}
    for path, name in functions:
        if is_misread(name):  # every file has the word
            continue
        spans = [one.span for one in index.functions_in(path) if one.name == name] if path in index.paths() else []
        if path.endswith(".h") or not all(span.static for span in spans):
            wide.setdefault(index.tree.home(path), {}).setdefault(name, set()).add(path)
        found |= _mentioning(index, path, name) - {(path, name)}
    for path, name in macros:
        found |= _mentioning(index, path, name)
        if path.endswith(".h"):
            wide.setdefault(index.tree.home(path), {}).setdefault(name, set()).add("")
    for home, places in wide.items():
        for name, files in callers.naming(places.keys(), index, home).items():
            for file in files:
                if file in places[name] or not ("" in places[name] or may_mean(index, name, file, places[name])):
                    continue
                found |= _mentioning(index, file, name)
    return found


def may_mean(index: KernelIndex, name: str, caller: str, places: Collection[str]) -> bool:
    """Whether a name in a file may mean a function of one of the places, or one that is not there any more."""
    resolved = index.resolve(name, caller)
    return not resolved or any(one.path in places for one in resolved)


def _mentioning(index: KernelIndex, path: str, name: str) -> set[tuple[str, str]]:
    """The functions of a file in whose code a name stands: who is told of in a remark is not called."""
    if path not in index.paths():
        return set()
    word = re.compile(rf"\b{re.escape(name)}\b".encode())
    found, text = index.functions_with(word, path, (name.encode(),)), index.text(path)
    return {(path, one.name) for one in found if word.search(blanked(text[one.span.start : one.span.end]))}


def _opened(path: Path) -> sqlite3.Connection:
    """The file, sound; sqlite3.DatabaseError when it is damaged."""
    store = sqlite3.connect(path, timeout=60.0)
    try:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        if not is_sound(store, path):
            raise sqlite3.DatabaseError("damaged")
        store.executescript(_SCHEMA)
    except sqlite3.Error:
        store.close()
        raise
    return store
