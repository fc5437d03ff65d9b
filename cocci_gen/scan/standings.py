"""What a scan looked at -> Standing, one per obligation and function: kept, found, refuted, or not examined, and why.

A finding answers "what is wrong"; this answers "why was nothing found there", which is asked of a tool that says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.filters import Accepted, Rejected, Verdict
from cocci_gen.findings.findings import Finding
from cocci_gen.kinds.duties import Duty, Unexamined
from cocci_gen.kinds.page_duty import PageDuty


class Stand(StrEnum):
    """How a function stands to an obligation that binds it."""

    FOUND = "found"
    REFUTED = "refuted"
    KEPT = "kept"
    #: The facts show no place in the function that could break it: no job was made.
    SETTLED = "settled"
    NOT_EXAMINED = "not examined"


@dataclass(frozen=True, slots=True)
class Standing:
    """One function under one obligation; `fingerprints` are the findings there, `steps` how the obligation came to the
    function and, where the family of the rule tells it, what the function does about it."""

    obligation: str
    path: str
    function: str
    line: int
    stand: Stand
    reason: str
    fingerprints: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


#: Obligation id, path, function.
Place = tuple[str, str, str]

_KEPT = "spatch searched the function and starred nothing: no path in it matches what the semantic patch looks for"
_SETTLED = "the facts of the tree show no place in this function that could break it, so spatch was not asked"


def standings(
    examined: Iterable[Duty],
    settled: Iterable[tuple[Obligation, Definition]],
    findings: Sequence[tuple[Finding, Verdict]],
    unexamined: Iterable[Unexamined],
) -> tuple[Standing, ...]:
    """The duties that got a job, who else implements the methods, and what came of it -> how each function stands."""
    found: dict[Place, list[tuple[Finding, Verdict]]] = defaultdict(list)
    for finding, verdict in findings:
        found[finding.obligation.id, finding.file, finding.function].append((finding, verdict))
    missing: dict[Place, list[Unexamined]] = defaultdict(list)
    for one in unexamined:
        missing[one.obligation, one.path, one.function].append(one)
    done: dict[Place, Standing] = {}
    for duty in examined:
        done[_place(duty)] = _of_duty(duty, found.get(_place(duty), ()), missing.get(_place(duty), ()))
    for place, lost in missing.items():
        reason = "; ".join(dict.fromkeys(one.reason for one in lost))
        done.setdefault(place, Standing(*place, lost[0].line, Stand.NOT_EXAMINED, reason))
    for obligation, definition in settled:
        place = (obligation.id, definition.path, definition.name)
        done.setdefault(place, Standing(*place, definition.span.line, Stand.SETTLED, _SETTLED))
    return tuple(sorted(done.values(), key=lambda one: (one.path, one.line, one.function, one.obligation)))


def _place(duty: Duty) -> Place:
    return duty.obligation.id, duty.definition.path, duty.graph.name


def _of_duty(duty: Duty, found: Sequence[tuple[Finding, Verdict]], missing: Sequence[Unexamined]) -> Standing:
    """The standing of a function that got a job."""
    stand, reason = Stand.KEPT, _KEPT
    against = [why for _, verdict in found if isinstance(verdict, Rejected) for why in verdict.reasons]
    if any(isinstance(verdict, Accepted) for _, verdict in found):
        stand, reason = Stand.FOUND, "; ".join(f.message for f, verdict in found if isinstance(verdict, Accepted))
    elif found:
        stand, reason = Stand.REFUTED, "; ".join(dict.fromkeys(f"{why.filter}: {why.reason}" for why in against))
    elif missing:
        stand, reason = Stand.NOT_EXAMINED, "; ".join(dict.fromkeys(one.reason for one in missing))
    touches = duty.touches if isinstance(duty, PageDuty) else ()
    steps = [*duty.chain, *(Step(duty.definition.path, touch.line, touch.note) for touch in touches if touch.note)]
    names = tuple(finding.fingerprint for finding, _ in found)
    return Standing(*_place(duty), duty.definition.span.line, stand, reason, names, tuple(dict.fromkeys(steps)))
