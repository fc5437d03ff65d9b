"""Scan <-> a run folder (run.json, findings.jsonl, unexamined.jsonl, examined.jsonl, helpers.jsonl, diffs/, ...).

Every file is written to a temporary name and renamed, so nobody ever reads half a file; findings read back are those that
were written, so the series can be made again without a scan.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from cocci_gen.errors import StorageError
from cocci_gen.filters import Accepted, Rejected
from cocci_gen.findings.findings import Fix
from cocci_gen.findings.stored import NotOursError, built, check_table, oddity, read_json, read_lines, read_plain
from cocci_gen.findings.whole_files import HALF, prepared
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.kinds.settled import Helper
from cocci_gen.runs.scan_json import (
    diff_name,
    encoded,
    finding_to_json,
    helper_from_json,
    json_line,
    judged_from_json,
    standing_from_json,
)
from cocci_gen.scan.coverage import bound
from cocci_gen.scan.pipeline import Judged, Scan, texts_of
from cocci_gen.scan.standings import Standing
from cocci_gen.series.rerolls.mails_there import refuse_to_lose, take_away

_T = TypeVar("_T")
#: What comes of JSON that is none of ours.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OSError)
#: Version of the layout of a run folder.
FORMAT = 1
#: Runs that an error lists at most.
_MOST_NAMED = 6
#: What a batch keeps beside the nights of a target.
_OF_A_BATCH = "state.json"
#: What a port leaves in its folder, beside no run.
_PORT = "port.json"
#: Files of a run that the next one may take away.
_OURS = re.compile(r"(?:diffs|semantic_patches/\w+)/\w[\w.-]*\.(?:diff|cocci)")


#: Files of lines that each run has; `write_run` fills them, `clean` knows them.
LINES = FINDINGS, UNEXAMINED, EXAMINED, HELPERS = (
    "findings.jsonl",
    "unexamined.jsonl",
    "examined.jsonl",
    "helpers.jsonl",
)
#: What a check puts beside the files of a scan: the findings that its change ends, and the files that it was laid over with.
GONE, LAID = BESIDE = ("gone.jsonl", "laid.json")


#: All that a run which was killed may leave beside no run.json.
_OF_A_RUN = frozenset((*LINES, *BESIDE, "diffs", "semantic_patches", "series"))


#: What the tables of a header hold where they hold anything, as far as it is read again; a person may have edited them.
_HELD: Mapping[str, Mapping[str, type]] = {
    "baseline": {"file": str},
    "module": {
        "name": str, "subdir": str, "kernel": str, "kernel_revision": str, "kernel_commit": str, "left_out": list, "notes": list,
    },
    "change": {"name": str, "asked": list, "changes": list, "not_applied": list, "new": list, "still": list},
    "change.changes": {"name": str, "subject": str, "new": list, "gone": list},
}  # fmt: skip


class RunFolderError(StorageError):
    """A run folder cannot be written or read."""


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What run.json says of a run besides its counts."""

    tree: str
    revision: str
    commit: str
    kernel_version: str
    tool_version: str
    spatch_version: str
    command: str
    options: Mapping[str, object]
    #: The file of people's verdicts, how many it holds, and those that fit no finding any more.
    baseline: Mapping[str, object] = dataclasses.field(default_factory=dict)
    #: Of a module outside the kernel: what it was laid over, and what of it was examined; `tree` and `commit` are its own.
    module: Mapping[str, object] = dataclasses.field(default_factory=dict)
    #: Of a check: what was checked, and what of the findings it brings; `commit` is what the change was laid over.
    change: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def kernel(self) -> Path:
        """The kernel's repository, in which no verdicts of people may lie; a module may hold its own."""
        return Path(str(self.module.get("kernel", self.tree)))


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; RunFolderError when it cannot be written."""
    write_files({path: data})


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files so that all of them are there, or none where there is no room for one; RunFolderError names that one."""
    with _prepared(files):
        pass


@contextmanager
def _prepared(files: Mapping[Path, bytes]) -> Iterator[None]:
    """The same, with what is done before the files get their names."""
    try:
        with prepared(files):
            yield
    except OSError as error:
        raise RunFolderError(
            f"{error.filename}: cannot be written ({error.strerror}); nothing else was lost, run again once there is room"
        ) from error


def check_folder(folder: Path, *, port: bool = False) -> None:
    """RunFolderError when the folder of a run (or of a port) could not be made or written to, or is the other's, whose files
    would go; nothing is made yet."""
    other, called = ("run.json", "run") if port else (_PORT, "port")
    if (folder / other).exists():
        raise RunFolderError(f"{folder}: is the folder of a {called} ({other}); name another folder")
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise RunFolderError(f"{folder}: cannot be the folder of a run, {place} is no folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise RunFolderError(f"{folder}: cannot be written, {place} is not yours to write to")
    try:
        with tempfile.TemporaryFile(
            dir=place
        ):  # nameless; to root everything seems writable, /proc and a full disk too
            pass
    except OSError as error:
        raise RunFolderError(
            f"{folder}: nothing can be written in {place} ({error.strerror}); name another folder"
        ) from error


def check_own(folder: Path) -> None:
    """The same for what a run writes itself: a StorageError too where it would lie among files that no run has written, or take
    away mails that hold a person's work."""
    check_folder(folder)
    if not (folder / "run.json").exists() and (strangers := _strangers(folder)):
        more = ", ..." if len(strangers) > _MOST_NAMED else ""
        raise RunFolderError(
            f"{folder}: holds what no run has written ({', '.join(strangers[:_MOST_NAMED])}{more}); name a new or an empty folder"
        )
    refuse_to_lose(folder)


def _strangers(folder: Path) -> list[str]:
    """What lies in a folder and is of no run, by name."""
    if not folder.is_dir():
        return []
    return sorted(place.name for place in folder.iterdir() if place.name not in _OF_A_RUN and not place.match(HALF))


def counts(scan: Scan) -> dict[str, object]:
    """The figures of a run: what was found, rejected and not examined, by class."""
    accepted = [one for one in scan.findings if isinstance(one.verdict, Accepted)]
    reasons = Counter(
        reason.filter for one in scan.findings if isinstance(one.verdict, Rejected) for reason in one.verdict.reasons
    )
    about = bound(scan.standings, scan.unexamined)
    return {
        "obligations": len(scan.obligations),
        "obligations_binding": about.obligations,
        "bound": about.functions,
        "bound_files": about.files,
        "functions": scan.functions,
        "files": scan.files,
        "named": scan.coverage.named,
        "named_examined": scan.coverage.examined,
        "jobs": scan.jobs,
        "jobs_from_cache": scan.cached_jobs,
        "findings": len(scan.findings),
        "accepted": len(accepted),
        "accepted_by_confidence": dict(sorted(Counter(one.finding.confidence.value for one in accepted).items())),
        "accepted_with_fix": sum(isinstance(one.finding.fix, Fix) for one in accepted),
        "rejected_by_filter": dict(sorted(reasons.items())),
        "fixes_refused_by_filter": dict(sorted(Counter(r.filter for one in accepted for r in one.refused).items())),
        "not_examined": len(scan.unexamined),
        "not_examined_by_reason": dict(sorted(Counter(one.reason.split(":")[0] for one in scan.unexamined).items())),
    }


def write_run(folder: Path, scan: Scan, header: RunHeader, beside: Mapping[str, bytes] = MappingProxyType({})) -> None:
    """Write a run folder, with what a check puts beside its files; run.json goes first and comes last, so a folder that has one
    holds one run, and all of it.  Where there is no room for it, an earlier one stays."""
    files = {
        diff_name(judged.finding): encoded(judged.finding.fix.diff)
        for judged in scan.findings
        if isinstance(judged.finding.fix, Fix)
    }
    files |= {f"semantic_patches/{name}": encoded(text) for name, text in texts_of(scan).items()}
    listed = sorted(files)
    files[FINDINGS] = b"".join(json_line(finding_to_json(judged)) for judged in scan.findings)
    files[UNEXAMINED] = b"".join(json_line(one) for one in scan.unexamined)
    files[EXAMINED] = b"".join(json_line(one) for one in scan.standings)
    files[HELPERS] = b"".join(json_line(one) for one in scan.helpers)
    files |= beside
    summary = {"format": FORMAT, **dataclasses.asdict(header), "counts": counts(scan), "files": listed}
    files["run.json"] = json.dumps(summary, indent=2, sort_keys=True).encode("ascii") + b"\n"
    _sweep(folder)
    with _prepared({folder / name: data for name, data in files.items()}):
        _clear(folder, set(files))


def _sweep(folder: Path) -> None:
    """Take away what a run that was killed was just writing."""
    for half in (*folder.glob(HALF), *folder.glob(f"diffs/{HALF}"), *folder.glob(f"semantic_patches/*/{HALF}")):
        with suppress(OSError):
            half.unlink()


def _clear(folder: Path, kept: set[str]) -> None:
    """Take away the run.json of an earlier run, then what it lists and this run does not write, and its series, which would be
    taken for those of this one; nothing else."""
    try:
        _clear_run(folder, kept)
        take_away(folder / "series")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise RunFolderError(
            f"{folder}: the earlier run there cannot be replaced ({oddity(error)}); name another folder"
        ) from error


def _clear_run(folder: Path, kept: set[str]) -> None:
    try:
        listed = read_json(read_plain(folder, "run.json")).get("files", [])
        (folder / "run.json").unlink()
        for name in {*filter(_OURS.fullmatch, map(str, listed)), *BESIDE} - kept:
            (folder / name).unlink(missing_ok=True)
    except (FileNotFoundError, NotADirectoryError):
        return


def note_builds(folder: Path, builds: Mapping[str, object] | None) -> None:
    """Write into run.json how the patches compiled; None takes out what an earlier series left there."""
    path = folder / "run.json"
    data = read_json(read_plain(path))
    if builds is not None or "builds" in data:
        data.pop("builds", None)
        data |= {"builds": builds} if builds is not None else {}
        write_file(path, json.dumps(data, indent=2, sort_keys=True).encode("ascii") + b"\n")


def read_header(folder: Path) -> tuple[RunHeader, Mapping[str, object]]:
    """The header and the counts of a run folder; RunFolderError when it holds no complete run."""
    try:
        data = read_json(read_plain(folder, "run.json"))
        known = {item.name for item in dataclasses.fields(RunHeader)}
        header = built(RunHeader, {name: value for name, value in data.items() if name in known})
        _check_tables(header)
        if not all(type(data["counts"][key]) is int for key in ("functions", "not_examined")):
            raise NotOursError("the counts are no numbers")
        return header, data["counts"]
    except FileNotFoundError as error:
        raise RunFolderError(f"{folder}: has no run.json; {_instead(folder)}") from error
    except _UNREADABLE as error:
        raise RunFolderError(
            f"{folder / 'run.json'}: is no run of this version of cocci-gen ({oddity(error)}); scan again"
        ) from error


def _check_tables(header: RunHeader) -> None:
    """NotOursError for a table of the header that lacks what is read of it."""
    for name in ("baseline", "module", "change"):
        if table := getattr(header, name):
            check_table(name, table, _HELD[name])
    changes = header.change.get("changes", ())
    for one in changes if isinstance(changes, list) else ():
        check_table("change.changes", one, _HELD["change.changes"])


def _instead(folder: Path) -> str:
    """What to name in place of a folder that is no run: a scan over several kernels makes one below it for each, a batch one for
    each target and night."""
    try:
        runs = sorted(str(one.parent) for one in islice(filter(_is_own, folder.glob("*/run.json")), _MOST_NAMED))
        if not runs:
            targets = [one.parent for one in sorted(folder.glob(f"*/{_OF_A_BATCH}")) if _is_own(one)]
            nights = (max(one.glob("*/run.json"), default=None) for one in targets)
            runs = [str(one.parent) for one in islice(filter(None, nights), _MOST_NAMED)]
    except OSError:
        runs = []
    if not runs and (folder / _PORT).exists():
        return "it is the folder of a port, of which port.txt tells"
    if runs:
        return f"name one of the runs in it: {', '.join(runs)}"
    return f"make one with `cocci-gen scan -o {'OUT' if _strangers(folder) else folder}`"


def _is_own(path: Path) -> bool:
    """Whether a file is the user's: what others leave in a folder for all is not offered."""
    return path.lstat().st_uid == os.geteuid()


def read_findings(folder: Path) -> tuple[Judged, ...]:
    """The findings of a run folder, in their order; RunFolderError names the line that cannot be read, or the file where it was
    emptied: that is no clean run."""
    found = _read_findings(folder, FINDINGS)
    if not found and (there := read_header(folder)[1].get("findings")):
        raise RunFolderError(f"{folder / FINDINGS}: is empty, and run.json tells of {there} findings; scan again")
    return found


def read_gone(folder: Path) -> tuple[Judged, ...]:
    """The findings that the change of a check has ended; none in the folder of a scan."""
    return _read_findings(folder, GONE) if (folder / GONE).exists() else ()


def _read_findings(folder: Path, name: str) -> tuple[Judged, ...]:
    path = folder / name
    found = []
    for number, line in _numbered(path):
        try:
            data = read_json(line)
            diff = read_plain(folder, data["fix"]) if data["fix"] is not None else b""
            found.append(judged_from_json(data, diff.decode("utf-8", "surrogateescape")))
        except _UNREADABLE as error:
            raise RunFolderError(
                f"{path}:{number}: is no finding ({oddity(error)}); scan again, or remove the line"
            ) from error
    return tuple(found)


def read_unexamined(folder: Path) -> tuple[Unexamined, ...]:
    """What a run did not examine; RunFolderError names the line that cannot be read."""
    return tuple(_lines(folder / UNEXAMINED, lambda data: built(Unexamined, data)))


def read_standings(folder: Path) -> tuple[Standing, ...]:
    """What a run looked at; empty for a run of a version that did not write it down yet."""
    path = folder / EXAMINED
    return tuple(_lines(path, standing_from_json)) if path.exists() else ()


def read_helpers(folder: Path) -> tuple[Helper, ...]:
    """The helpers that a run looked at and found right; empty for a run of a version that did not write them down yet."""
    path = folder / HELPERS
    return tuple(_lines(path, helper_from_json)) if path.exists() else ()


def _lines(path: Path, made: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
    """The lines of a file of JSON, each as what it stands for; `made` tells what is none."""
    for number, line in _numbered(path):
        try:
            yield made(read_json(line))
        except _UNREADABLE as error:
            raise RunFolderError(
                f"{path}:{number}: cannot be read ({oddity(error)}); scan again, or remove the line"
            ) from error


def _numbered(path: Path) -> list[tuple[int, bytes]]:
    """The lines of a file of the run."""
    try:
        return read_lines(read_plain(path))
    except (OSError, NotOursError) as error:
        raise RunFolderError(f"{path}: cannot be read ({_why(error)}); scan again") from error


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
