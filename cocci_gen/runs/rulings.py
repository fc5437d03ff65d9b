"""Findings x Baseline -> the same with people's verdicts, and the verdicts that fit no finding any more.

A ruling is applied to what a scan gave, not inside it: a run that is finished honours verdicts that were given since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from cocci_gen.filters import Accepted, Reason, Rejected, Verdict
from cocci_gen.findings.findings import Confidence, Finding, Fix
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.runs.baseline import Baseline, Ruling, Status, shown_path
from cocci_gen.scan.pipeline import Judged, Scan

#: Under this name a ruling stands among the reasons of the filters.
FILTER = "baseline"


@dataclass(frozen=True, slots=True)
class Stale:
    """A ruling on a finding that this tree does not have; `perhaps` names findings that it may now be about."""

    ruling: Ruling
    reason: str
    perhaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run has looked at: obligations, folders ((), where all), and what it could not examine."""

    obligations: frozenset[str]
    every_rule: bool
    paths: tuple[str, ...]
    unexamined: frozenset[tuple[str, str, str]]

    def covers(self, obligation: str, file: str, function: str) -> bool:
        """Whether the run would have told of a finding in this function."""
        if obligation not in self.obligations and not self.every_rule:
            return False
        roots = [shown_path(root.rstrip("/")) for root in self.paths]
        if roots and not any(file == root or file.startswith(f"{root}/") for root in roots):
            return False
        return not {(obligation, file, function), (obligation, file, "")} & self.unexamined


def scope_of(scan: Scan, rules: Collection[str], paths: Sequence[str]) -> Scope:
    """What a scan with these options has looked at."""
    return Scope(
        obligations=frozenset(obligation.id for obligation in scan.obligations),
        every_rule=not rules,
        paths=tuple(paths),
        unexamined=frozenset(map(_function, scan.unexamined)),
    )


def _function(one: Unexamined) -> tuple[str, str, str]:
    return one.obligation, shown_path(one.path), one.function


def ruled(findings: Iterable[Judged], baseline: Baseline) -> tuple[Judged, ...]:
    """The findings with the verdicts of the baseline as it is now, whatever an earlier one said."""
    return tuple(replace(one, verdict=_ruled(one, baseline)) for one in findings)


def _ruled(judged: Judged, baseline: Baseline) -> Verdict:
    kept = () if isinstance(judged.verdict, Accepted) else judged.verdict.reasons
    reasons = tuple(reason for reason in kept if reason.filter != FILTER)
    ruling = baseline.of(judged.finding.fingerprint)
    if ruling is not None and ruling.status is not Status.ACCEPTED:
        reasons += (Reason(FILTER, words(ruling)),)
    return Rejected(reasons) if reasons else Accepted()


def words(ruling: Ruling) -> str:
    """A ruling in one line."""
    reason = f": {ruling.reason}" if ruling.reason else ""
    return f"{ruling.status}{reason} ({ruling.who}, {ruling.date.isoformat()})"


def for_series(findings: Iterable[Judged], baseline: Baseline) -> tuple[Judged, ...]:
    """What goes into series: no filter and no person is against it, and it is of high confidence or a person took it, or it is a
    likely breach of the same rule about the same thing in the same function: a patch that leaves that looks forgotten."""
    reviewed = baseline.reviewed
    able = [
        one
        for one in ruled(findings, baseline)
        if isinstance(one.verdict, Accepted) and isinstance(one.finding.fix, Fix)
    ]
    sure = [one for one in able if one.finding.confidence is Confidence.HIGH or one.finding.fingerprint in reviewed]
    places = {_place(one.finding) for one in sure}
    beside = (one.finding.confidence is Confidence.MODERATE and _place(one.finding) in places for one in able)
    return tuple(one for one, too in zip(able, beside, strict=True) if one in sure or too)


def _place(finding: Finding) -> tuple[str, str, str, str]:
    """The function, the rule, and the thing that a finding is about."""
    return finding.file, finding.function, finding.obligation.kind, finding.breach.resource_name


def stale_rulings(
    baseline: Baseline, findings: Sequence[Judged], scope: Scope, files: Callable[[], Collection[str]]
) -> tuple[Stale, ...]:
    """The rulings within the scope of a run to which it has no finding; `files` gives the paths of the tree, where any asks."""
    here = {one.finding.fingerprint for one in findings}
    known = {one.fingerprint for one in baseline.rulings}
    unfound = [
        one
        for one in baseline.rulings
        if one.fingerprint not in here and scope.covers(one.obligation, one.file, one.function)
    ]
    shown = frozenset(map(shown_path, files())) if unfound else frozenset()
    unjudged = [one.finding for one in findings if one.finding.fingerprint not in known]
    return tuple(Stale(one, _why(one, scope, shown), _perhaps(one, unjudged)) for one in unfound)


def _why(ruling: Ruling, scope: Scope, files: Collection[str]) -> str:
    if ruling.file not in files:
        return "the file is gone"
    if ruling.obligation not in scope.obligations:
        return "the rules of this tree ask for no such thing"
    return "no longer found there"


def _perhaps(ruling: Ruling, unjudged: Iterable[Finding]) -> tuple[str, ...]:
    """New findings of the same obligation in a function of the same name: the code or the path has changed."""
    same = (ruling.obligation, ruling.function)
    return tuple(
        sorted({finding.fingerprint for finding in unjudged if (finding.obligation.id, finding.function) == same})
    )
