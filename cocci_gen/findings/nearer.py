"""The findings of a tree -> the same, where one far from any method is as sure as the same fault near one in the same file.

Of what is found far down less is right, as who comes there may know more than the function says.  Where a function beside it, to
which a method is near, keeps the very same thing of the same call, that is no reason any more; whoever mends the one wants the
others, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from cocci_gen.findings.findings import FAR, THE_SAME_IN, Confidence, Finding, Step

_TAKER = re.compile(r"(\w+)\(\) takes ")


def as_sure_as_nearer(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in their order; of those whose one doubt is how far down they are, some are sure."""
    every = tuple(findings)
    near = {_fault(one): one for one in every if one.confidence is Confidence.HIGH and all(_fault(one))}
    return tuple(_raised(one, near[_fault(one)]) if _is_only_far(one) and _fault(one) in near else one for one in every)


def _is_only_far(finding: Finding) -> bool:
    return [one.note for one in finding.doubts] == [f"{Confidence.MODERATE}: {FAR}"]


def _fault(finding: Finding) -> tuple[str, str, str, str]:
    """What is the same where the fault is the same: the file, the kind, what is kept, and the call that it was taken by."""
    takers = (found[1] for step in finding.evidence if (found := _TAKER.match(step.note)))
    return finding.file, finding.obligation.kind, finding.breach.resource, next(takers, "")


def _raised(finding: Finding, near: Finding) -> Finding:
    """A finding as sure as another one, with a note of that in the place of its doubt."""
    note = f"{THE_SAME_IN} {near.function}() at line {near.line}, and a method is near to that"
    evidence = tuple(Step(step.file, step.line, note) if step in finding.doubts else step for step in finding.evidence)
    return replace(finding, confidence=Confidence.HIGH, evidence=evidence)
