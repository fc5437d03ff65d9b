"""A run folder and a baseline -> verdicts of a person, each written as soon as it is given.

The terminal is the caller's: `show` and `ask` stand for it, so that a script or a test can sit there instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.text import Text

from cocci_gen.errors import KernelTreeError, UsageProblem
from cocci_gen.filters import Accepted
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.baseline import Baseline, Ruling, Status, read_baseline, record, shown_path
from cocci_gen.runs.pages import Missing, Source, page
from cocci_gen.runs.rulings import ruled
from cocci_gen.scan.pipeline import Judged

_KEYS = "[a]ccept  [r]eject  [l]ater  [q]uit"
_STATUSES = {
    "f": Status.FALSE_POSITIVE,
    "w": Status.WONTFIX,
    "s": Status.SENT,
    "x": Status.FIXED,
}
_WHY = "[f]alse positive  [w]ontfix  [s]ent  fi[x]ed elsewhere"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who judges, when, and in which file it is written."""

    path: Path
    who: str
    today: date

    def baseline(self) -> Baseline:
        """The file as it is now; empty where there is none yet."""
        return read_baseline(self.path) if self.path.exists() else Baseline()

    def judge(self, judged: Judged, status: Status, reason: str) -> None:
        """Write a verdict."""
        finding = judged.finding
        ruling = Ruling(
            fingerprint=finding.fingerprint,
            obligation=finding.obligation.id,
            file=shown_path(finding.file),
            function=finding.function,
            status=status,
            reason=" ".join(reason.split()),
            date=self.today,
            who=self.who,
        )
        if status is not Status.ACCEPTED and not ruling.reason:
            raise UsageProblem(f"a verdict of status {status} needs a reason; give one with --reason")
        record(self.path, ruling)


def queue(findings: Sequence[Judged], baseline: Baseline, everything: bool = False) -> tuple[Judged, ...]:  # noqa: FBT001
    """What there is to judge, the surest first; `everything` adds what filters reject and what is judged already."""
    unique = {one.finding.fingerprint: one for one in reversed(ruled(findings, baseline))}
    open_ = [
        one
        for one in unique.values()
        if everything or (isinstance(one.verdict, Accepted) and baseline.of(one.finding.fingerprint) is None)
    ]
    return tuple(sorted(open_, key=lambda one: (-one.finding.confidence.rank, one.finding.file, one.finding.line)))


def find(findings: Sequence[Judged], wanted: str) -> Judged:
    """A fingerprint or its beginning -> the finding; UsageProblem where none or several have it."""
    hits = {one.finding.fingerprint: one for one in reversed(findings) if one.finding.fingerprint.startswith(wanted)}
    if len(hits) == 1 and len(wanted) >= 4:
        return next(iter(hits.values()))
    problem = f"begins {len(hits)} fingerprints" if hits and wanted else "is the fingerprint of no finding"
    raise UsageProblem(f"{wanted!r} {problem} of this run; `cocci-gen review RUN --list --all` shows them all")


def tree_source(path: Path, commit: str) -> tuple[Source, KernelTree | Missing]:
    """The tree of a run -> its files, read from the object database; a tree that is gone shows nothing."""
    try:
        tree = KernelTree.open(path, commit)
    except KernelTreeError as error:
        gone = Missing(str(error))
        return lambda _: gone, gone

    def read(name: str) -> bytes | Missing:
        try:
            return tree.read(name)
        except KernelTreeError as error:
            return Missing(str(error))

    return read, tree


@dataclass(slots=True)
class Session:
    """One sitting at a terminal: `step` through a queue; counts what was given."""

    reviewer: Reviewer
    source: Source
    show: Callable[[Text], None]
    ask: Callable[[str], str]
    accepted: int = 0
    rejected: int = 0
    later: int = 0

    def step(self, findings: Sequence[Judged]) -> None:
        """Show each finding and take its verdict, until the end, `q`, or the end of the input."""
        for number, judged in enumerate(findings, 1):
            ruling = self.reviewer.baseline().of(judged.finding.fingerprint)
            self.show(Text(f"\n{number} of {len(findings)}", "bold reverse"))
            self.show(page(judged, ruling, self.source))
            try:
                going_on = self._take(judged)
            except EOFError:
                going_on = False
            if not going_on:
                self.later += len(findings) - number + 1
                return

    def _take(self, judged: Judged) -> bool:
        """Ask until there is an answer; False to leave."""
        while True:
            answer = self.ask(f"{_KEYS}: ").strip().lower()[:1]
            if answer == "q":
                return False
            if answer == "l":
                self.later += 1
                return True
            if answer == "a":
                self.reviewer.judge(judged, Status.ACCEPTED, "")
                self.accepted += 1
                return True
            if answer == "r" and self._reject(judged):
                self.rejected += 1
                return True

    def _reject(self, judged: Judged) -> bool:
        """Ask for status and reason; an empty reason takes the rejection back."""
        status = _STATUSES.get(self.ask(f"{_WHY} (f): ").strip().lower()[:1] or "f")
        if status is None:
            return False
        reason = self.ask("reason: ").strip()
        if reason:
            self.reviewer.judge(judged, status, reason)
        return bool(reason)
