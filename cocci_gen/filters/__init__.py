"""Finding -> Verdict; one module per filter, each with a `judge` that gives a reason to reject or "".

All filters run and all reasons are kept, so their order does not matter.  A filter that says `OF_FIX = True` speaks of the fix
alone: a fix that does not hold says nothing against the finding.  A new filter is one file here and one test.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cocci_gen.findings.findings import Finding
from cocci_gen.findings.trials import Trial, Untried


@dataclass(frozen=True, slots=True)
class Claim:
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


@dataclass(frozen=True, slots=True)
class FixRefused:
    """The finding stands, and its fix is not to be shown."""

    reasons: tuple[Reason, ...]


Verdict = Accepted | Rejected


@dataclass(frozen=True, slots=True)
class Filter:
    """One module of this folder."""

    name: str
    judge: Callable[[Claim], str]
    of_fix: bool


@cache
def filters() -> tuple[Filter, ...]:
    """Every filter, sorted by name."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(
        Filter(name, module.judge, getattr(module, "OF_FIX", False))
        for name, module in zip(names, modules, strict=True)
    )


def verdict(case: Claim) -> Verdict | FixRefused:
    """What all filters together say of a finding; only a finding that itself is sound can lose its fix alone."""
    said = [(one, reason) for one in filters() if (reason := one.judge(case))]
    reasons = tuple(Reason(one.name, reason) for one, reason in said)
    if not said:
        return Accepted()
    return FixRefused(reasons) if all(one.of_fix for one, _ in said) else Rejected(reasons)
