"""A run folder and the verdicts of people -> RunRecord, all that a report may tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.errors import StorageError
from cocci_gen.filters import Accepted, Reason, Rejected
from cocci_gen.findings.stored import oddity, read_json, read_plain
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.runs.baseline import Baseline
from cocci_gen.runs.folder import RunHeader, read_findings, read_gone, read_header, read_standings, read_unexamined
from cocci_gen.runs.making import unanswered
from cocci_gen.runs.rulings import FILTER, ruled
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Standing
from cocci_gen.series.rerolls.former import INDEX, LIST  # not from folder, which loads all that makes series


@dataclass(frozen=True, slots=True)
class PatchEntry:
    """One patch of series.json; `failed` are the rungs that it did not pass."""

    file: str
    subject: str
    fingerprints: tuple[str, ...]
    signed: bool
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """One series of series.json; `folder` is where its mails lie, `addressed` tells whether each names somebody to send it to."""

    title: str
    folder: Path
    patches: tuple[PatchEntry, ...]
    addressed: bool = True

    @property
    def ready(self) -> bool:
        """Whether it may be sent: every patch is signed off by somebody who read it, and none failed a check."""
        return all(patch.signed and not patch.failed for patch in self.patches)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as it lies in its folder, its findings with the verdicts that people have given by now."""

    folder: Path
    header: RunHeader
    counts: Mapping[str, object]
    findings: tuple[Judged, ...]
    unexamined: tuple[Unexamined, ...]
    standings: tuple[Standing, ...]
    series: tuple[SeriesEntry, ...]
    baseline: Baseline
    #: Of a check: what its change has ended, or an earlier version of it.
    gone: tuple[Judged, ...] = ()

    @property
    def brought(self) -> frozenset[str]:
        """The fingerprints that the change of a check brings; none for a scan."""
        return _fingerprints(self.header.change.get("new"))

    @property
    def was_there(self) -> frozenset[str]:
        """The fingerprints that were there before the change of a check; none for a scan."""
        return _fingerprints(self.header.change.get("still"))

    def mark(self, name: str) -> str:
        """How the finding of a fingerprint stands to the change that was checked: new or still there; "" for a scan."""
        return "new" if name in self.brought else "still there" if name in self.was_there else ""

    @property
    def narrowed(self) -> str:
        """How the scan was narrowed, in the words of its options; "" where it was not."""
        options = self.header.options
        parts = [f"to what `check` of {self.header.change['name']} reaches"] if self.header.change else []
        for name, word in (("rules", "--rule"), ("paths", "--path")):
            values = options.get(name)
            parts += [f"{word} {value}" for value in values] if isinstance(values, list) else []
        return " ".join(parts)

    @property
    def complete(self) -> bool:
        """Whether every job ended."""
        return not any(map(unanswered, self.unexamined))

    @property
    def index(self) -> Path:
        """The page that lists the series."""
        return self.folder / "series" / INDEX


def read_run(folder: Path, baseline: Baseline) -> RunRecord:
    """The record of a finished run; RunFolderError where the folder holds none."""
    header, counts = read_header(folder)
    return RunRecord(
        folder=folder,
        header=header,
        counts=counts,
        findings=ruled(read_findings(folder), baseline),
        unexamined=read_unexamined(folder),
        standings=read_standings(folder),
        series=read_series(folder),
        baseline=baseline,
        gone=read_gone(folder),
    )


def _fingerprints(value: object) -> frozenset[str]:
    """A list in run.json as the set that it is."""
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def read_series(folder: Path) -> tuple[SeriesEntry, ...]:
    """The series below a run folder, as series.json lists them; none where none were made."""
    path = folder / "series" / LIST
    try:
        listing = read_json(read_plain(path))
        return tuple(_series(one, path.parent) for one in listing["series"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(
            f"{path}: cannot be read ({oddity(error)}); make it anew with `cocci-gen series {folder}`"
        ) from error


def _series(data: dict, root: Path) -> SeriesEntry:  # type: ignore[type-arg]
    addressed = all(one["recipients"]["to"] for one in data["patches"])
    return SeriesEntry(data["title"], root / data["folder"], tuple(_patch(one) for one in data["patches"]), addressed)


def _patch(data: dict) -> PatchEntry:  # type: ignore[type-arg]
    failed = tuple(str(one["rung"]) for one in data["ladder"] if one["result"] == "notpassed")
    return PatchEntry(data["file"], data["subject"], tuple(data["fingerprints"]), bool(data["signed"]), failed)


def accepted(judged: Judged) -> bool:
    """Whether nobody and nothing speaks against the finding."""
    return isinstance(judged.verdict, Accepted)


def against(judged: Judged) -> tuple[Reason, ...]:
    """What filters and people have against a finding."""
    return judged.verdict.reasons if isinstance(judged.verdict, Rejected) else ()


def suppressed(judged: Judged) -> bool:
    """Whether people alone speak against a finding that the filters let pass."""
    reasons = against(judged)
    return bool(reasons) and all(reason.filter == FILTER for reason in reasons)
