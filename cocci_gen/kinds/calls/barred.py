"""barred.toml -> Barred, where a call that an obligation forbids is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cocci_gen.document.obligations import Obligation
from cocci_gen.findings.findings import Confidence
from cocci_gen.resources import data_tables

_DATA = "kinds/calls/barred.toml"


@dataclass(frozen=True, slots=True)
class Barred:
    """One entry of barred.toml; the comment there tells what its fields mean."""

    struct: str
    methods: tuple[str, ...]
    whose: str
    allowed: tuple[str, ...]
    through: frozenset[str]
    says: str
    confidence: Confidence

    def binds(self, obligation: Obligation) -> bool:
        """Whether the entry is about this obligation."""
        return bool(obligation.names) and obligation.struct == self.struct and obligation.method in self.methods


@cache
def barred_calls() -> tuple[Barred, ...]:
    """The entries that ship with the package."""
    return tuple(
        Barred(
            entry["struct"],
            tuple(entry["methods"]),
            entry["whose"],
            tuple(entry.get("allowed", ())),
            frozenset(entry.get("through", ())),
            entry["says"],
            Confidence(entry["confidence"]),
        )
        for entry in data_tables(_DATA)["call"]
    )
