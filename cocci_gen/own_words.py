"""Words that file systems have of their own -> OwnWords: lock functions, macros that return, debug macros, wrappers.

What can be read from a definition needs no word; these are for what cannot.  A user's words stand in the `[vocabulary]` of his
`cocci-gen.toml`, those of the kernel's own file systems in own_words.toml of the package, in the same form; both count.

    [vocabulary]
    sleeping_locks = ["myfs_lock_node"]
    debug = ["MYFS_DBG*"]                  # `*` stands for the rest of a name

    [vocabulary.lock.i_rwsem]              # a lock that locking.rst names: what takes and releases it
    take = ["myfs_inode_lock"]
    release = ["myfs_inode_unlock"]
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TypeVar

from cocci_gen.errors import RuleDocumentError, StorageError
from cocci_gen.resources import data_text, tables_of
from cocci_gen.toml_places import line_of, user_text

_SHIPPED = "own_words.toml"
_NAME = re.compile(r"[A-Za-z_]\w*\*?")
_R = TypeVar("_R")

#: Each key of [vocabulary], and what its names are.
KEYS: Mapping[str, str] = {
    "sleeping_locks": "functions and macros that take a lock of their own that sleeps",
    "sleeps": "functions and macros that may sleep",
    "allocates": "wrappers of allocations, which sleep when their gfp mask says so",
    "allocates_waiting": "wrappers of allocations that name no mask and may wait for memory",
    "debug": "functions and macros that print or check, and do nothing else",
    "same_value": "macros whose value is that of their argument",
    "returns": "macros that return from the function; their argument, if there is one, is returned",
    "never_return": "functions and macros that do not come back",
    "neutral": "functions and macros that neither lock, unlock, dirty nor keep the page that they get",
    "same_page": "functions and macros that give their argument's page under another name",
    "locks_page": "functions and macros that lock the page that they get",
    "unlocks_page": "functions and macros that unlock it",
    "starts_writeback": "functions and macros that start its writeback",
    "ends_writeback": "functions and macros that end it",
    "redirties": "functions and macros that make it dirty again",
    "hands_on": "functions and macros that start or queue I/O for what they get",
}
#: Each key of [vocabulary.lock.NAME].
LOCK_KEYS = ("take", "take_shared", "try", "try_shared", "release", "release_shared", "asserts")


@dataclass(frozen=True, slots=True)
class LockWords:
    """The functions that do something to a lock which locking.rst names: (key of LOCK_KEYS, names) pairs; `line`, where the
    file says so (0 where that is unknown), is no part of the words."""

    lock: str
    names: tuple[tuple[str, tuple[str, ...]], ...]
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Names by key of KEYS, and the functions of locks, each with the file that says so."""

    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    locks: tuple[LockWords, ...] = ()
    path: str = ""

    def names(self, key: str) -> tuple[str, ...]:
        """The plain names of a key."""
        return tuple(name for name in self._of(key) if not name.endswith("*"))

    def patterns(self, key: str) -> tuple[str, ...]:
        """Regular expressions for those names of a key that end in `*`."""
        return tuple(rf"{re.escape(name[:-1])}\w*" for name in self._of(key) if name.endswith("*"))

    def _of(self, key: str) -> tuple[str, ...]:
        return tuple(name for one, names in self.words if one == key for name in names)

    def and_(self, other: OwnWords) -> OwnWords:
        """The words of both."""
        return OwnWords(self.words + other.words, self.locks + other.locks, other.path or self.path)

    @property
    def digest(self) -> str:
        """A short name for these words: a part of every key under which something is remembered that depends on them."""
        return hashlib.sha256(repr((self.words, self.locks)).encode()).hexdigest()[:16]


def parse_own_words(table: object, path: str, text: str = "") -> OwnWords:
    """The table [vocabulary] of a file; RuleDocumentError names the file, its line where the `text` is given, the key that is
    unknown, and those that are known."""
    place = _Place(path, text)
    if not isinstance(table, dict):
        raise place.problem("", "vocabulary", "write [vocabulary], with one bracket, and its keys below it")
    known = ", ".join((*KEYS, "lock"))
    for key in table:
        if key not in KEYS and key != "lock":
            raise place.problem("vocabulary", key, f"[vocabulary] has no key {key!r}; known are: {known}")
    words = tuple((key, _names(table, key, "vocabulary", place)) for key in KEYS if key in table)
    return OwnWords(words, _locks(table.get("lock", {}), place), path)


@dataclass(frozen=True, slots=True)
class _Place:
    """The file that is read, for what is said about it."""

    path: str
    text: str

    def problem(self, table: str, key: str, message: str) -> RuleDocumentError:
        """What is wrong with a key of a table."""
        return RuleDocumentError(self.path, line_of(self.text, table, key), message)


def _locks(table: object, place: _Place) -> tuple[LockWords, ...]:
    if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
        message = "write [vocabulary.lock.NAME], and what takes and releases that lock below it"
        raise place.problem("vocabulary", "lock", message)
    found = []
    for lock, entry in table.items():
        name = f"vocabulary.lock.{lock}"
        for key in entry:
            if key not in LOCK_KEYS:
                known = ", ".join(LOCK_KEYS)
                raise place.problem(name, key, f"[{name}] has no key {key!r}; known are: {known}")
        names = tuple((key, _names(entry, key, name, place)) for key in LOCK_KEYS if key in entry)
        found.append(LockWords(lock, names, line_of(place.text, name)))
    return tuple(found)


def _names(table: Mapping[str, object], key: str, name: str, place: _Place) -> tuple[str, ...]:
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(one, str) and _NAME.fullmatch(one) for one in value):
        message = f"[{name}] {key} must be a list of names of C in quotes, each with a `*` at its end or without"
        raise place.problem(name, key, message)
    return tuple(value)


def read_own_words(path: Path) -> OwnWords:
    """The words of a user's file, none where it has no [vocabulary]; RuleDocumentError for what is wrong in it."""
    try:
        text = user_text(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    return own_words_in(text, str(path))


def own_words_in(text: str, path: str) -> OwnWords:
    """The same of a text that was read already."""
    table = tables_of(text, path).get("vocabulary")
    return OwnWords() if table is None else parse_own_words(table, path, text)


class _Spoken:
    """The words that count at present; read from the package when somebody first asks."""

    words: OwnWords | None = None


def _shipped() -> OwnWords:
    return parse_own_words(tables_of(data_text(_SHIPPED), _SHIPPED).get("vocabulary", {}), _SHIPPED)


def own_words() -> OwnWords:
    """The words that count: those of the package, and those of the user in whose name something is done."""
    if _Spoken.words is None:
        _Spoken.words = _shipped()
    return _Spoken.words


@contextmanager
def speaking(words: OwnWords) -> Iterator[None]:
    """Within, a user's words count beside those of the package."""
    before = own_words()
    if words != OwnWords():
        _Spoken.words = before.and_(words)
    try:
        yield
    finally:
        _Spoken.words = before


def with_own_words(make: Callable[[], _R]) -> Callable[[], _R]:
    """A reading of the package's data that is made once, and anew when other words count."""
    known: list[tuple[OwnWords, _R]] = []

    @wraps(make)
    def read() -> _R:
        words = own_words()
        if not known or known[0][0] is not words:
            known[:] = [(words, make())]
        return known[0][1]

    return read
