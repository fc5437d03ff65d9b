"""owed.toml -> Owed, what a method owes and on which of its paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.bindings import Binding
from cocci_gen.resources import data_tables

_DATA = "kinds/calls/owed.toml"


@dataclass(frozen=True, slots=True)
class Owed(Binding):
    """One entry of owed.toml; the comment there tells what its fields mean."""

    also: frozenset[str]
    writes: frozenset[str]
    given: frozenset[str]
    beside: tuple[str, ...]
    about: str
    paths: str
    success: str
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
            entry["paths"],
            entry.get("success", ""),
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
