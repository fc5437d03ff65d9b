"""Step, one line of a tree and what it shows: what evidence is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of evidence: a line and what it shows."""

    file: str
    line: int
    note: str


def line_of(path: str, line: int, home: str) -> str:
    """A line in the words of a step in `home`: those of other files say of which. `scan/relined` reads such words."""
    return f"line {line}" if path == home else f"line {line} of {path}"
