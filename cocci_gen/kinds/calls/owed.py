"""owed.toml -> Owed, what a method owes and on which of its paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.bindings import Binding
from cocci_gen.resources import data_tables

_DATA = "kinds/calls/owed.toml"


class Paths(Enum):
    """On which paths of a method a call is owed."""

    EVERY = "every"
    SUCCESS = "success"
    SOMEWHERE = "somewhere"
    BEFORE = "before"

    @property
    def depth(self) -> int:
        """Calls deep that the call is looked for.  What lies deeper is done on other behalf: everything that may write reaches
        everything."""
        return 4 if self is Paths.SOMEWHERE else 6


class Success(Enum):
    """Which values say that a method has done what it was asked for."""

    ANY = ""
    ZERO = "zero"
    TRUE = "true"


@dataclass(frozen=True, slots=True)
class Owed(Binding):
    """One entry of owed.toml; the comment there tells what its fields mean."""

    also: frozenset[str]
    writes: frozenset[str]
    given: frozenset[str]
    beside: tuple[str, ...]
    about: str
    paths: Paths
    before: frozenset[str]
    flags: frozenset[str]
    success: Success
    only: re.Pattern[str]
    doubtful: re.Pattern[str]
    moot: tuple[tuple[re.Pattern[str], str], ...]
    fails: re.Pattern[str]
    says: str
    confidence: Confidence


@cache
def owed_calls() -> tuple[Owed, ...]:
    """The entries that ship with the package."""
    return tuple(
        Owed(
            entry["struct"],
            tuple(entry["methods"]),
            frozenset(entry.get("names", ())),
            frozenset(entry.get("also", ())),
            frozenset(entry.get("writes", ())),
            frozenset(entry.get("given", ())),
            tuple(entry.get("beside", ())),
            entry.get("about", ""),
            Paths(entry["paths"]),
            frozenset(entry.get("before", ())),
            frozenset(entry.get("flags", ())),
            Success(entry.get("success", "")),
            re.compile(entry.get("only", "")),
            re.compile(entry.get("doubtful", r"(?!)")),
            tuple((re.compile(text), label) for text, label in entry.get("moot", ())),
            re.compile(entry.get("fails", r"(?!)")),
            entry["says"],
            Confidence(entry["confidence"]),
        )
        for entry in data_tables(_DATA)["call"]
    )


@cache
def closed_folders() -> tuple[str, ...]:
    """The folders whose functions are not entered."""
    return tuple(data_tables(_DATA)["closed"]["folders"])
