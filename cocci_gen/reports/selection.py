"""The findings of a run -> those that were asked for, in the order in which they are shown."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from cocci_gen.errors import UsageProblem
from cocci_gen.findings.findings import Confidence, Finding
from cocci_gen.kinds.working import working_kinds
from cocci_gen.reports.record import RunRecord, accepted, suppressed
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


def check_selection(known: Iterable[str], selection: Selection) -> None:
    """UsageProblem for a glob of rules that names no kind and matches none of the known obligations: a misspelt kind must not
    look like a clean tree."""
    ids = set(known)
    names = working_kinds().union(*map(_names, ids))
    for glob in selection.rules:
        if not any(fnmatch.fnmatchcase(name, glob) for name in names):
            near = difflib.get_close_matches(glob, sorted(names), n=3)
            perhaps = f"; perhaps {' or '.join(near)}" if near else f"; kinds are {', '.join(sorted(working_kinds()))}"
            raise UsageProblem(f"--rule {glob!r} matches no obligation of this run{perhaps}")


def unbound_paths(record: RunRecord, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths below which the run has neither a function that a rule binds nor a finding: one that is misspelt must not look
    like clean code."""
    known = {one.path for one in record.standings} | {one.path for one in record.unexamined}
    known |= {one.finding.file for one in record.findings}
    return tuple(path for path in paths if not any(_below(one, path) for one in known))


def message_of(finding: Finding) -> str:
    """The message, with the function in front where it does not name it."""
    named = in_document(finding) or f"{finding.function}()" in finding.message
    return finding.message if named else f"{finding.function}(): {finding.message}"


def in_document(finding: Finding) -> bool:
    """Whether a finding is about the rule document itself and not about code."""
    return finding.file == finding.obligation.source.path


def _order(finding: Finding) -> tuple[int, bool, str, int, str]:
    return -finding.confidence.rank, in_document(finding), finding.file, finding.line, finding.fingerprint


def _of_rule(finding: Finding, glob: str) -> bool:
    return _matches(finding.obligation.id, glob)


def _matches(identity: str, glob: str) -> bool:
    """A glob names the whole id, the id without its structure, or the kind; as in a scan."""
    return any(fnmatch.fnmatchcase(name, glob) for name in _names(identity))


def _names(identity: str) -> tuple[str, str, str]:
    return identity, identity.split(".", 1)[-1], identity.rsplit(".", 1)[-1]


def _below(path: str, root: str) -> bool:
    root = root.removeprefix("./").rstrip("/")
    return path == root or path.startswith(f"{root}/") or fnmatch.fnmatchcase(path, root)
