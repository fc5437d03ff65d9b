"""Step, one line of a tree and what it shows: what evidence is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of evidence: a line and what it shows."""

    file: str
    line: int
    note: str
