"""readings.toml -> Readings, how the words of locking.rst are understood.

The file is checked as a whole when it is read: an unknown key, kind or reason is an error there, not a rule that never
fires.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from cocci_gen.errors import RuleDocumentError
from cocci_gen.resources import data_text, tables_of

#: Every kind of obligation; each but `prototype` has one template.
KINDS = (
    "unlocks",
    "writeback",
    "returns_locked",
    "keeps_locked",
    "gives_back",
    "no_relock",
    "never_sleeps",
    "rcu_walk",
    "irq_safe",
    "returns",
    "must_call",
    "must_not_call",
    "callers",
    "prototype",
)


class Mode(StrEnum):
    """How a method is called: with a lock or without, where it may sleep, or by whom."""

    ANY = ""
    EXCLUSIVE = "exclusive"
    SHARED = "shared"
    EITHER = "either"
    MAYBE = "maybe"
    HELD = "held"
    NOT_HELD = "not_held"
    MAY_SLEEP = "may_sleep"
    NOT_IN_RCU_WALK = "not_in_rcu_walk"
    ONLY = "only"
    PER_FOLIO = "per folio"
    ENDED = "ended"
    DEMANDED = "demanded"

    @property
    def locked(self) -> bool:
        """Whether every caller holds the lock."""
        return self in (Mode.EXCLUSIVE, Mode.SHARED, Mode.HELD, Mode.EITHER)

    @property
    def unhindered(self) -> bool:
        """Whether no caller may be where it must not sleep."""
        return self in (Mode.MAY_SLEEP, Mode.NOT_IN_RCU_WALK)


SCOPES = ("subjects", "all", "every", "named", "others")

_KEYS = {
    "column": frozenset({"heading", "meaning", "resource"}),
    "cell": frozenset({"column", "text", "row_may_block", "gives", "decline"}),
    "note": frozenset({"text", "condition", "refers", "gives"}),
    "clause": frozenset({"text", "struct", "gives", "decline", "overrides"}),
    "give": frozenset({"kind", "mode", "resource", "names", "condition", "scope", "by_method"}),
}


@dataclass(frozen=True, slots=True)
class Give:
    """One obligation that words give; fields in braces are filled from the words (readings.toml tells how)."""

    kind: str
    mode: Mode
    resource: str
    names: tuple[str, ...]
    condition: str
    scope: str
    by_method: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What a column heading means, and the resource that its cells speak of."""

    heading: re.Pattern[str]
    meaning: str
    resource: str


@dataclass(frozen=True, slots=True)
class CellReading:
    """What the words of a cell give in columns of one meaning; or the key of the reason to decline them."""

    column: str
    text: re.Pattern[str]
    row_may_block: str
    gives: tuple[Give, ...]
    decline: str


@dataclass(frozen=True, slots=True)
class NoteReading:
    """What words in brackets do to a cell: narrow it, refer to the prose, or give obligations of their own."""

    text: re.Pattern[str]
    condition: bool
    refers: bool
    gives: tuple[Give, ...]


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """What a sentence (or the types of a prototype) gives, in sections about `struct` ("" for any)."""

    text: re.Pattern[str]
    struct: str
    gives: tuple[Give, ...]
    decline: str
    overrides: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """All entries in the order of the file; of cells and notes the first that fits counts."""

    reasons: Mapping[str, str]
    columns: tuple[ColumnReading, ...]
    cells: tuple[CellReading, ...]
    notes: tuple[NoteReading, ...]
    clauses: tuple[ClauseReading, ...]
    prototypes: tuple[ClauseReading, ...]


def read_readings(text: str, path: str) -> Readings:
    """The readings in TOML; RuleDocumentError, naming the entry, for anything that is not known."""
    document = tables_of(text, path)
    parser = _Parser(path, {str(key): str(value) for key, value in document.get("reason", {}).items()})
    return Readings(
        parser.reasons,
        tuple(parser.column(entry) for entry in document.get("column", ())),
        tuple(parser.cell(entry) for entry in document.get("cell", ())),
        tuple(parser.note(entry) for entry in document.get("note", ())),
        tuple(parser.clause(entry) for entry in document.get("clause", ())),
        tuple(parser.clause(entry) for entry in document.get("prototype", ())),
    )


@cache
def readings() -> Readings:
    """The readings that ship with the package."""
    name = "document/readings.toml"
    return read_readings(data_text(name), name)


class _Parser:
    """Turns entries into readings; every complaint quotes the entry's own text."""

    def __init__(self, path: str, reasons: Mapping[str, str]) -> None:
        self.path = path
        self.reasons = reasons

    def column(self, entry: Mapping[str, Any]) -> ColumnReading:
        self._check(entry, "column", "heading")
        return ColumnReading(self._pattern(entry, "heading"), str(entry["meaning"]), str(entry.get("resource", "")))

    def cell(self, entry: Mapping[str, Any]) -> CellReading:
        self._check(entry, "cell", "text")
        gives, decline = self._outcome(entry)
        row = str(entry.get("row_may_block", ""))
        return CellReading(str(entry["column"]), self._pattern(entry, "text"), row, gives, decline)

    def note(self, entry: Mapping[str, Any]) -> NoteReading:
        self._check(entry, "note", "text")
        gives = tuple(self._give(give) for give in entry.get("gives", ()))
        return NoteReading(self._pattern(entry, "text"), bool(entry.get("condition")), bool(entry.get("refers")), gives)

    def clause(self, entry: Mapping[str, Any]) -> ClauseReading:
        self._check(entry, "clause", "text")
        gives, decline = self._outcome(entry)
        struct = str(entry.get("struct", ""))
        return ClauseReading(self._pattern(entry, "text"), struct, gives, decline, bool(entry.get("overrides")))

    def _outcome(self, entry: Mapping[str, Any]) -> tuple[tuple[Give, ...], str]:
        gives = tuple(self._give(give) for give in entry.get("gives", ()))
        decline = str(entry.get("decline", ""))
        if bool(gives) == bool(decline):
            raise self._error(f"{entry['text']!r} must either give or decline")
        if decline:
            self._known(decline, self.reasons, "reason")
        return gives, decline

    def _give(self, entry: Mapping[str, Any]) -> Give:
        self._check(entry, "give", "kind")
        for key, known in (("kind", KINDS), ("mode", tuple(Mode)), ("scope", SCOPES)):
            self._known(str(entry.get(key, known[0])), known, key)
        return Give(
            str(entry["kind"]),
            Mode(str(entry.get("mode", ""))),
            str(entry.get("resource", "{column}")),
            tuple(str(name) for name in entry.get("names", ())),
            str(entry.get("condition", "")),
            str(entry.get("scope", SCOPES[0])),
            {str(method): tuple(names) for method, names in entry.get("by_method", {}).items()},
        )

    def _check(self, entry: Mapping[str, Any], table: str, needed: str) -> None:
        unknown = sorted(set(entry) - _KEYS[table])
        if unknown:
            raise self._error(f"a {table} has no key {unknown[0]!r}; known are: {', '.join(sorted(_KEYS[table]))}")
        if needed not in entry:
            raise self._error(f"a {table} without {needed!r}")

    def _known(self, word: str, known: Sequence[str] | Mapping[str, str], what: str) -> None:
        if word not in known:
            raise self._error(f"no {what} {word!r}; known are: {', '.join(sorted(known))}")

    def _pattern(self, entry: Mapping[str, Any], key: str) -> re.Pattern[str]:
        try:
            return re.compile(str(entry[key]), re.IGNORECASE)
        except re.error as error:
            raise self._error(f"{entry[key]!r} is no regular expression: {error}") from error

    def _error(self, message: str) -> RuleDocumentError:
        return RuleDocumentError(self.path, 0, message)
