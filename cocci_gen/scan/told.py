"""Scan -> Told, what it says of one function under one obligation, to be compared and carried over to another tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.findings.findings import Finding, NoFix
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.pipeline import Judged, Scan
from cocci_gen.scan.relined import Lines, MovedLineError, relined_finding, relined_standing
from cocci_gen.scan.standings import Standing

#: Obligation id, path, function.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a scan says of one function under one obligation."""

    findings: tuple[Judged, ...]
    unexamined: tuple[Unexamined, ...]
    standings: tuple[Standing, ...]


def told_by(scan: Scan) -> dict[Key, Told]:
    """What a scan says of each function."""
    findings, unexamined = defaultdict[Key, list[Judged]](list), defaultdict[Key, list[Unexamined]](list)
    standings = defaultdict[Key, list[Standing]](list)
    for judged in scan.findings:
        findings[judged.finding.obligation.id, judged.finding.file, judged.finding.function].append(judged)
    for missing in scan.unexamined:
        unexamined[missing.obligation, missing.path, missing.function].append(missing)
    for standing in scan.standings:
        standings[standing.obligation, standing.path, standing.function].append(standing)
    return {
        key: Told(tuple(findings[key]), tuple(unexamined[key]), tuple(standings[key]))
        for key in sorted({*findings, *unexamined, *standings})
    }


def begins(told: Told) -> set[tuple[str, int]]:
    """The files and lines at which what is told begins."""
    first = {(one.steps[0].file, one.steps[0].line) for one in told.standings if one.steps}
    every = (one.finding.evidence[0] for one in told.findings if one.finding.evidence)
    return first | {(one.file, one.line) for one in every}


def relined_told(told: Told, lines: Lines) -> Told | None:
    """What was told of a function that did not change, with the lines of today; None where one of them is gone."""
    try:
        return replace(
            told,
            findings=tuple(relined_finding(one, lines) for one in told.findings),
            standings=tuple(relined_standing(one, lines) for one in told.standings),
        )
    except MovedLineError:
        return None


def with_tables(told: Told, former: Told | None, looked: Collection[str]) -> Told:
    """What a look at a part of a tree tells, with the tables by which the obligation came before from folders that were not
    `looked` into; those of the others are as the look found them."""
    known = {one.finding.fingerprint: one.finding.registrations for one in (former.findings if former else ())}

    def registered(finding: Finding) -> Finding:
        now = {(one.file, one.variable): one for one in finding.registrations}
        before = known.get(finding.fingerprint, ())
        every = [
            now.pop((one.file, one.variable), one if folder_of(one.file) not in looked else None) for one in before
        ]
        return replace(finding, registrations=(*(one for one in every if one is not None), *now.values()))

    return replace(told, findings=tuple(replace(one, finding=registered(one.finding)) for one in told.findings))


def masked(told: Told | None, files: Collection[str]) -> object:
    """The same without the lines of changed files, which may have moved."""
    if told is None:
        return None

    def without(steps: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(replace(step, line=0) if step.file in files else step for step in steps)

    def bare(finding: Finding) -> Finding:
        found = replace(finding, evidence=without(finding.evidence), registrations=())
        return replace(found, line=0, fix=_ANY) if finding.file in files else found

    return (
        tuple(replace(one, finding=bare(one.finding)) for one in told.findings),
        tuple(replace(one, line=0) if one.path in files else one for one in told.unexamined),
        tuple(
            replace(one, steps=without(one.steps), line=0 if one.path in files else one.line) for one in told.standings
        ),
    )


#: In place of a fix, in which lines stand.
_ANY = NoFix("")
