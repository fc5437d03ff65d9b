"""What came of each target of a batch -> NightSummary: lines for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from cocci_gen.findings.findings import Confidence, Fix
from cocci_gen.runs.folder import write_file
from cocci_gen.runs.nightly.config import BatchTarget
from cocci_gen.runs.nightly.state import GoneFinding, mark_told
from cocci_gen.scan.pipeline import Judged

SUMMARY = "summary.json"
#: So many failed targets are named in the one line.
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Done:
    """A target that was scanned (or, where nothing has changed since the last run, not): what came of it."""

    target: BatchTarget
    commit: str
    folder: Path
    scanned: bool
    complete: bool
    accepted: Mapping[str, int]
    new: tuple[Judged, ...]
    series: tuple[Path, ...]
    patches: int
    jobs: int
    cached_jobs: int
    fingerprints: frozenset[str]
    stale: tuple[Mapping[str, object], ...]
    gone: Mapping[str, GoneFinding]


@dataclass(frozen=True, slots=True)
class TargetFailed:
    """A target of which nothing can be said this time; the next batch begins it again."""

    target: BatchTarget
    reason: str


TargetOutcome = Done | TargetFailed


@dataclass(frozen=True, slots=True)
class NightSummary:
    """All targets of a batch together."""

    today: date
    outcomes: tuple[TargetOutcome, ...]

    @property
    def done(self) -> tuple[Done, ...]:
        """The targets that ended well."""
        return tuple(one for one in self.outcomes if isinstance(one, Done))

    @property
    def failed(self) -> tuple[TargetFailed, ...]:
        """The others."""
        return tuple(one for one in self.outcomes if isinstance(one, TargetFailed))

    @property
    def new(self) -> int:
        """How many findings are new."""
        return sum(len(one.new) for one in self.done)

    @property
    def gone(self) -> int:
        """How many of those that earlier nights told of are found no more."""
        return sum(len(one.gone) for one in self.done)

    @property
    def complete(self) -> bool:
        """Whether every target was examined as far as that is possible."""
        return not self.failed and all(one.complete for one in self.done)

    def stale(self) -> tuple[Mapping[str, object], ...]:
        """The verdicts that fit no finding of any target; nothing is said where a target is missing."""
        if not self.complete:
            return ()
        found = frozenset[str]().union(*(one.fingerprints for one in self.done))
        every = {str(stale["fingerprint"]): stale for one in self.done for stale in one.stale}
        return tuple(stale for fingerprint, stale in every.items() if fingerprint not in found)

    def line(self) -> str:
        """Everything in one line."""
        jobs, cached = (sum(getattr(one, name) for one in self.done) for name in ("jobs", "cached_jobs"))
        parts = [
            f"batch {self.today.isoformat()}: {len(self.done)} of {len(self.outcomes)} runs done",
            f"{sum(not one.scanned for one in self.done)} unchanged",
            _counted(self.new, "new finding", "new findings"),
            f"{self.gone} gone",
            _series_words(sum(len(one.series) for one in self.done), sum(one.patches for one in self.done)),
            f"{cached} of {jobs} jobs from the cache",
        ]
        parts += [f"{len(stale)} stale verdicts"] if (stale := self.stale()) else []
        names = ", ".join(one.target.name for one in self.failed[:_NAMED])
        more = f", {len(self.failed) - _NAMED} more" if len(self.failed) > _NAMED else ""
        parts += [f"{len(self.failed)} FAILED ({names}{more})"] if self.failed else []
        parts += ["INCOMPLETE"] if not self.complete and not self.failed else []
        return ", ".join(parts)

    def json(self) -> dict[str, object]:
        """The same as plain values."""
        return {
            "format": 1,
            "date": self.today.isoformat(),
            "complete": self.complete,
            "new_findings": self.new,
            "gone_findings": self.gone,
            "jobs": sum(one.jobs for one in self.done),
            "jobs_from_cache": sum(one.cached_jobs for one in self.done),
            "runs": [_outcome_json(one) for one in self.outcomes],
            "stale": [dict(one) for one in self.stale()],
        }


def outcome_line(outcome: TargetOutcome) -> str:
    """One target in one line."""
    if isinstance(outcome, TargetFailed):
        return f"{outcome.target.name}: FAILED: {outcome.reason}"
    levels = _levels(outcome.accepted)
    if not outcome.scanned:
        untold = (
            f"; {len(outcome.new)} new, {len(outcome.gone)} gone, not told yet" if outcome.new or outcome.gone else ""
        )
        return f"{outcome.target.name}: unchanged since {outcome.folder.name}: findings {levels}{untold}"
    return (
        f"{outcome.target.name}: {outcome.folder.name}: findings {levels}; {len(outcome.new)} new, {len(outcome.gone)} gone, "
        f"{_series_words(len(outcome.series), outcome.patches)}; "
        f"{outcome.cached_jobs} of {outcome.jobs} jobs from the cache{'' if outcome.complete else '; INCOMPLETE'}"
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _series_words(series: int, patches: int) -> str:
    return f"{series} series with {_counted(patches, 'patch', 'patches')}" if series else "no series"


def _levels(accepted: Mapping[str, int]) -> str:
    """How many findings of each confidence, the surest first."""
    order = [level.value for level in sorted(Confidence, key=lambda level: -level.rank)]
    return ", ".join(f"{accepted[level]} {level}" for level in order if level in accepted) or "none"


def _outcome_json(outcome: TargetOutcome) -> dict[str, object]:
    target = outcome.target
    base = {"name": target.name, "tree": str(target.path), "revision": target.revision}
    base |= {"module": target.module, "module_revision": target.module_revision} if target.module else {}
    if isinstance(outcome, TargetFailed):
        return {**base, "result": "failed", "reason": outcome.reason}
    return {
        **base,
        "result": "scanned" if outcome.scanned else "unchanged",
        "complete": outcome.complete,
        "commit": outcome.commit,
        "folder": str(outcome.folder),
        "accepted": dict(sorted(outcome.accepted.items())),
        "new": [_finding_json(one) for one in outcome.new],
        "gone": [{"fingerprint": name, **asdict(one)} for name, one in sorted(outcome.gone.items())],
        "series": [str(folder) for folder in outcome.series],
        "patches": outcome.patches,
        "jobs": outcome.jobs,
        "jobs_from_cache": outcome.cached_jobs,
    }


def _finding_json(judged: Judged) -> dict[str, object]:
    finding = judged.finding
    return {
        "fingerprint": finding.fingerprint,
        "obligation": finding.obligation.id,
        "file": finding.file,
        "function": finding.function,
        "line": finding.line,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "fix": isinstance(finding.fix, Fix),
    }


def write_summary(output: Path, summary: NightSummary) -> None:
    """OUT/summary.json of the last batch."""
    write_file(output / SUMMARY, json.dumps(summary.json(), indent=2, sort_keys=True).encode("ascii") + b"\n")


def was_told(output: Path, summary: NightSummary) -> None:
    """The summary has reached its reader: what it tells of is told no more."""
    for one in summary.done:
        mark_told(output / one.target.name)


def summarise(today: date, outcomes: Sequence[TargetOutcome]) -> NightSummary:
    """The outcomes of all targets -> Summary."""
    return NightSummary(today, tuple(outcomes))
