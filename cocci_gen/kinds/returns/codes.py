"""codes.toml -> Code, which values a method must not return."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.bindings import Binding
from cocci_gen.resources import data_tables

_DATA = "kinds/returns/codes.toml"
#: Fits no text.
_NOTHING = r"(?!)"
#: How C writes zero.
ZERO = frozenset({"0", "NULL", "false"})


@dataclass(frozen=True, slots=True)
class Code(Binding):
    """One entry of codes.toml; the comment there tells what its fields mean."""

    wrong: re.Pattern[str]
    unless: str
    given_up: re.Pattern[str]
    never: re.Pattern[str]
    tested: tuple[tuple[re.Pattern[str], str], ...]
    beside: tuple[str, ...]
    shared: frozenset[str]
    instead: str
    good: str
    mends: bool
    passes: re.Pattern[str]
    locked: bool
    says: str
    confidence: Confidence

    def is_wrong(self, constant: str) -> bool:
        """Whether a returned constant is wrong; NULL and false count as 0, and the parts of `A | B` stand in the order of
        the alphabet, without blanks."""
        parts = sorted(part.strip() for part in constant.split("|"))
        return self.wrong.fullmatch("0" if constant in ZERO else "|".join(parts)) is not None

    @property
    def follows(self) -> bool:
        """Whether `return g(...);` makes g answer for the value: not when the value is judged by what came before."""
        return not (self.unless or self.tested or self.beside or self.gives_up)

    @property
    def gives_up(self) -> bool:
        """Whether the value says that a lock was given up."""
        return self.given_up.pattern != _NOTHING


@cache
def codes() -> tuple[Code, ...]:
    """The codes that ship with the package."""
    return tuple(
        Code(
            entry["struct"],
            tuple(entry["methods"]),
            frozenset(entry.get("names", ())),
            re.compile(entry["wrong"]),
            entry.get("unless", ""),
            re.compile(entry.get("given_up", _NOTHING)),
            re.compile(entry.get("never", _NOTHING)),
            tuple((re.compile(text), label) for text, label in entry.get("tested", ())),
            tuple(entry.get("beside", ())),
            frozenset(entry.get("shared", ())),
            entry["instead"],
            entry.get("good", ""),
            entry.get("mends", False),
            re.compile(entry.get("passes", "")),
            entry.get("locked", False),
            entry["says"],
            Confidence(entry["confidence"]),
        )
        for entry in data_tables(_DATA)["code"]
    )
