"""PatchPlan -> Culprit: the lines, and the places of missing calls, from which a Fixes: tag is told."""

from __future__ import annotations

from collections.abc import Iterator

from cocci_gen.findings.findings import Edit, Finding, Fix
from cocci_gen.kernel.origins import Culprit
from cocci_gen.kernel.removals import Gap
from cocci_gen.series.plans import PatchPlan


def culprits(plan: PatchPlan) -> list[Culprit]:
    """What brought in what a patch mends: the statements that it replaces, else the exits of its findings, or a removal of what
    it adds."""
    return [
        Culprit(tuple(_replaced(finding)) or ((finding.file, finding.line),), tuple(_gaps(finding)))
        for finding in plan.findings
    ]


def _replaced(finding: Finding) -> list[tuple[str, int]]:
    edits = finding.fix.edits if isinstance(finding.fix, Fix) else ()
    lines = ((edit.line + place, line, edit.new) for edit in edits for place, line in enumerate(edit.old))
    gone = [(number, line) for number, line, new in lines if line.strip() not in {other.strip() for other in new}]
    return [(finding.file, number) for number, line in gone if line.rstrip().endswith(b";")]


def _gaps(finding: Finding) -> Iterator[Gap]:
    """Where the call of a fix may have stood: where the fix puts it, and before the exit that lacks it."""
    if not isinstance(finding.fix, Fix) or not finding.function:
        return
    breach = finding.breach
    owed = {f"{name}({breach.resource_name});" for name in breach.missing if breach.resource_name}
    places = {finding.line: owed}
    for edit in finding.fix.edits:
        for line, statement in _added(edit):
            places.setdefault(line, set()).add(statement)
    for line, statements in sorted(places.items()):
        if statements:
            yield Gap(finding.file, finding.function, line, frozenset(statements))


def _added(edit: Edit) -> Iterator[tuple[int, str]]:
    """The calls that an edit adds, each with the line of the file before which it puts it."""
    old, new = [line.strip() for line in edit.old], [line.strip() for line in edit.new]
    for place, line in enumerate(new):
        if line in old or not line.endswith(b");"):
            continue
        following = next((old.index(one) for one in new[place + 1 :] if one in old), len(old))
        yield edit.line + following, line.decode("utf-8", "replace")
