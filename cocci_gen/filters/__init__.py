"""Stage 7 of 8: Finding -> Verdict; one module per filter, each with a `judge` that gives a reason to reject or "".

All filters run and all reasons are kept, so their order does not matter.  A new filter is one file here and one test.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cocci_gen.findings import Finding
from cocci_gen.trials import Trial, Untried


@dataclass(frozen=True, slots=True)
class Case:
    """What a filter sees: the finding, whether a feasible path leads there, and how its fix fared."""

    finding: Finding
    feasible: bool
    searched: bool
    trial: Trial | Untried


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one filter rejects a finding."""

    filter: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """No filter had anything against the finding."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """At least one filter rejects the finding."""

    reasons: tuple[Reason, ...]


Verdict = Accepted | Rejected


@cache
def filters() -> tuple[tuple[str, Callable[[Case], str]], ...]:
    """(name, judge) of every filter, sorted by name."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return tuple((name, importlib.import_module(f"{__name__}.{name}").judge) for name in names)


def verdict(case: Case) -> Verdict:
    """What all filters together say of a finding."""
    reasons = tuple(Reason(name, reason) for name, judge in filters() if (reason := judge(case)))
    return Rejected(reasons) if reasons else Accepted()
