"""The output of a batch -> History: what each night found in each target, and how right it was by the verdicts of people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from cocci_gen.errors import CocciGenError, StorageError
from cocci_gen.findings.stored import oddity, read_json, read_plain
from cocci_gen.reports.record import accepted, against
from cocci_gen.runs.baseline import Baseline, Status
from cocci_gen.runs.folder import read_findings, read_header
from cocci_gen.runs.nightly.state import read_state
from cocci_gen.runs.nightly.summary import SUMMARY
from cocci_gen.runs.rulings import FILTER
from cocci_gen.scan.pipeline import Judged

LEVELS = ("high", "moderate", "low")
#: Verdicts that say that a finding was true.
_TRUE = (Status.ACCEPTED, Status.SENT, Status.FIXED, Status.WONTFIX)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many findings people have judged, and how many of these were true."""

    judged: int
    true: int


@dataclass(frozen=True, slots=True)
class Night:
    """One run of one target: its day, open findings by (section, confidence), what people say, per section, and the
    fingerprints of what is open."""

    day: str
    folder: Path
    commit: str
    open_: Mapping[tuple[str, str], int]
    judgements: Mapping[str, Judgement]
    fingerprints: frozenset[str] = frozenset()

    def count(self, level: str, section: str = "") -> int:
        """Open findings of a confidence, in one section or in all."""
        return sum(n for (where, sure), n in self.open_.items() if sure == level and section in ("", where))

    def judgement(self, section: str = "") -> Judgement:
        """What people say of one section, or of all."""
        chosen = [one for where, one in self.judgements.items() if section in ("", where)]
        return Judgement(sum(one.judged for one in chosen), sum(one.true for one in chosen))


@dataclass(frozen=True, slots=True)
class Went:
    """A finding that the last batch tells of as gone: where it was, what it said, and what became of it."""

    place: str
    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """One tree at one revision, or a module over it, with its nights from the first that is kept to the last; `result` and
    `gone` are those of the last batch."""

    name: str
    tree: str
    revision: str
    result: str
    reason: str
    nights: tuple[Night, ...]
    module: str = ""
    module_revision: str = ""
    gone: tuple[Went, ...] = ()
    #: Whether the first night that is kept is the first there was.
    whole: bool = False

    @property
    def steps(self) -> tuple[tuple[Night, str, str], ...]:
        """Each night with how many open findings it has that the night before had not, and the other way round; to the
        very first all are new, and of one whose night before it is gone nobody knows."""
        first = [
            (night, *((str(len(night.fingerprints)), "0") if self.whole else ("", ""))) for night in self.nights[:1]
        ]
        pairs = [(now, now.fingerprints, before.fingerprints) for before, now in pairwise(self.nights)]
        return (*first, *((night, str(len(now - old)), str(len(old - now))) for night, now, old in pairs))

    @property
    def row(self) -> str:
        """Whose findings these are: those of the tree, or of the module."""
        return " ".join(filter(None, (self.module or self.tree, self.module_revision)))

    @property
    def column(self) -> str:
        """What it was looked at in: the revision, for a module that of which kernel."""
        kernel = PurePosixPath(self.tree).name.removesuffix(".git") if self.module else ""
        return " ".join(filter(None, (kernel, self.revision)))

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the document (structures) in which any night found anything."""
        return tuple(sorted({where for night in self.nights for where, _ in night.open_}))


@dataclass(frozen=True, slots=True)
class Grid:
    """Targets as a table: trees against revisions, or modules against kernels."""

    title: str
    corner: str
    targets: tuple[Target, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """The trees or modules, in order."""
        return tuple(dict.fromkeys(one.row for one in self.targets))

    @property
    def columns(self) -> tuple[str, ...]:
        """The revisions or kernels, in order."""
        return tuple(dict.fromkeys(one.column for one in self.targets))

    def at(self, row: str, column: str) -> tuple[Target, ...]:
        """The targets of a cell: none where the batch has none, several where one tree is looked at in parts."""
        return tuple(one for one in self.targets if (one.row, one.column) == (row, column))


@dataclass(frozen=True, slots=True)
class History:
    """All targets of a batch."""

    day: str
    complete: bool
    targets: tuple[Target, ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables of the trees and of the modules, where there are any."""
        bare, over = (tuple(one for one in self.targets if bool(one.module) is module) for module in (False, True))
        both = (Grid("Trees and revisions", "tree", bare), Grid("Modules and kernels", "module", over))
        return tuple(one for one in both if one.targets)


def is_batch(folder: Path) -> bool:
    """Whether a folder is the output of a batch rather than that of a run."""
    return (folder / SUMMARY).is_file() and not (folder / "run.json").exists()


def read_history(folder: Path, baseline: Baseline) -> History:
    """The output of a batch, with the verdicts as they are now; StorageError where it is none."""
    path = folder / SUMMARY
    try:
        summary = read_json(read_plain(path))
        targets = tuple(_target(folder, one, baseline) for one in summary["runs"])
        return History(str(summary["date"]), bool(summary["complete"]), targets)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(f"{path}: cannot be read ({oddity(error)}); run `cocci-gen batch` again") from error


def _target(folder: Path, run: Mapping[str, Any], baseline: Baseline) -> Target:
    home = folder / run["name"]
    nights: tuple[Night, ...] = ()
    reason, whole = run.get("reason", ""), False
    try:
        state = read_state(home)
        kept = [home / record.folder for record in state.runs]
        whole = bool(kept) and kept[0].name == state.first
        nights = tuple(_night(one, baseline) for one in kept if (one / "run.json").is_file())
    except CocciGenError as error:  # one target that cannot be read must not take the page of the others away
        reason = reason or str(error)
    said = (run["name"], run["tree"], run["revision"], run["result"])
    return Target(*said, reason, nights, run.get("module", ""), run.get("module_revision", ""), _went(run), whole)


def _went(run: Mapping[str, Any]) -> tuple[Went, ...]:
    """What the summary of a batch says of one target's findings that are gone."""
    return tuple(
        Went(f"{one['file']}:{one['line']}", one["message"] or f"{one['function']}()", one["reason"])
        for one in run.get("gone", ())
    )


def _night(folder: Path, baseline: Baseline) -> Night:
    header, _ = read_header(folder)
    findings = read_findings(folder)
    by_section: dict[str, list[Judged]] = {}
    for one in findings:
        by_section.setdefault(one.finding.obligation.struct, []).append(one)
    day = re.match(r"\d{4}-\d\d-\d\d", folder.name)
    still = [one.finding for one in findings if accepted(one)]
    open_ = Counter((one.obligation.struct, str(one.confidence)) for one in still)
    judgements = {section: _judgement(found, baseline) for section, found in by_section.items()}
    fingerprints = frozenset(one.fingerprint for one in still)
    return Night(day[0] if day else folder.name, folder, header.commit, open_, judgements, fingerprints)


def _judgement(findings: Iterable[Judged], baseline: Baseline) -> Judgement:
    """Of the findings that the filters let pass, those that somebody has judged."""
    passed = [one for one in findings if all(reason.filter == FILTER for reason in against(one))]
    rulings = [ruling for one in passed if (ruling := baseline.of(one.finding.fingerprint))]
    return Judgement(len(rulings), sum(one.status in _TRUE for one in rulings))


def series_of(nights: Sequence[Night], section: str = "") -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Confidence -> its open findings night by night."""
    return tuple((level, tuple(night.count(level, section) for night in nights)) for level in LEVELS)
