"""The findings of a run -> those that were asked for, in the order in which they are shown."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from cocci_gen.errors import UsageProblem
from cocci_gen.findings.findings import Confidence, Finding
from cocci_gen.reports.record import accepted, suppressed
from cocci_gen.scan.pipeline import Judged


@dataclass(frozen=True, slots=True)
class Selection:
    """Globs of rules and paths (none: all), confidences (none: all), fingerprints known before; `rejected` adds what
    filters are against."""

    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    confidences: tuple[Confidence, ...] = ()
    known: frozenset[str] = frozenset()
    rejected: bool = False

    def wants(self, judged: Judged) -> bool:
        """Whether a finding is one of those."""
        finding = judged.finding
        return (
            (self.rejected or accepted(judged) or suppressed(judged))
            and (not self.rules or any(_of_rule(finding, glob) for glob in self.rules))
            and (not self.paths or any(_below(finding.file, path) for path in self.paths))
            and (not self.confidences or finding.confidence in self.confidences)
            and finding.fingerprint not in self.known
        )


def select(findings: Iterable[Judged], selection: Selection) -> tuple[Judged, ...]:
    """The findings that are wanted: the surest first, code before documents, then by place."""
    wanted = [one for one in findings if selection.wants(one)]
    return tuple(sorted(wanted, key=lambda one: _order(one.finding)))


def check_selection(findings: Iterable[Judged], selection: Selection) -> None:
    """UsageProblem for a glob of rules that no finding of the run, rejected ones included, could ever match."""
    ids = sorted({one.finding.obligation.id for one in findings})
    for glob in selection.rules:
        if ids and not any(_matches(identity, glob) for identity in ids):
            raise UsageProblem(f"--rule {glob!r} matches no finding of this run; there are {', '.join(ids)}")


def in_document(finding: Finding) -> bool:
    """Whether a finding is about the rule document itself and not about code."""
    return finding.file == finding.obligation.source.path


def _order(finding: Finding) -> tuple[int, bool, str, int, str]:
    return -finding.confidence.rank, in_document(finding), finding.file, finding.line, finding.fingerprint


def _of_rule(finding: Finding, glob: str) -> bool:
    return _matches(finding.obligation.id, glob)


def _matches(identity: str, glob: str) -> bool:
    """A glob names the whole id, the id without its structure, or the kind; as in a scan."""
    names = (identity, identity.split(".", 1)[-1], identity.rsplit(".", 1)[-1])
    return any(fnmatch.fnmatchcase(name, glob) for name in names)


def _below(path: str, root: str) -> bool:
    root = root.removeprefix("./").rstrip("/")
    return path == root or path.startswith(f"{root}/") or fnmatch.fnmatchcase(path, root)
