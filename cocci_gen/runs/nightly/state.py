"""OUT/<tree>-<revision>/state.json <-> State: what earlier nights have found, and which runs are kept."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cocci_gen.errors import CocciGenError, StorageError
from cocci_gen.findings.stored import NotOursError, built, oddity, read_json, read_plain
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.folder import write_file

FILE = "state.json"
#: What `series_folder` writes beside the mails of a run.
_LIST = "series.json"
_FORMAT = 1
_REFS = "refs/cocci-gen/"


class BatchStateError(CocciGenError):
    """The state of a tree and revision cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """An accepted finding of the last run; `since` is the folder of the run that first had it."""

    obligation: str
    file: str
    function: str
    since: str


@dataclass(frozen=True, slots=True)
class GoneFinding:
    """A finding that earlier nights had told and the run in the folder `run` has no more, and why.

    What it said when it was found last; nothing of that where somebody has removed that run.
    """

    obligation: str
    file: str
    function: str
    since: str
    run: str
    reason: str
    line: int = 0
    confidence: str = ""
    message: str = ""

    @property
    def known(self) -> KnownFinding:
        """What it was before it went."""
        return KnownFinding(self.obligation, self.file, self.function, self.since)


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A finished run: its folder, all that went into it (`key`), whether spatch answered every question, and whether a
    summary has told of it (a batch can be killed before it comes to that)."""

    folder: str
    key: str
    commit: str
    complete: bool
    told: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """All that one night tells the next; `begun` is the folder of a run without an end, with its key."""

    runs: tuple[TargetRecord, ...] = ()
    known: Mapping[str, KnownFinding] = field(default_factory=dict)
    begun: tuple[str, str] | tuple[()] = ()
    #: What is gone and no summary has told of yet.
    gone: Mapping[str, GoneFinding] = field(default_factory=dict)
    #: The folder of the very first run, whether or not it is still kept; "" where an earlier version did not write it down.
    first: str = ""


def read_state(home: Path) -> State:
    """The state of a tree and revision; an empty one before the first run."""
    path = home / FILE
    try:
        data = read_json(read_plain(path))
        if data["format"] != _FORMAT:
            raise NotOursError(f"the format is {data['format']!r}, not {_FORMAT}")
        return State(
            runs=tuple(built(TargetRecord, one, folder=_plain(one["folder"])) for one in data["runs"]),
            known={fingerprint: built(KnownFinding, one) for fingerprint, one in data["known"].items()},
            begun=(_plain(data["begun"][0]), str(data["begun"][1])) if data["begun"] else (),
            gone={fingerprint: built(GoneFinding, one) for fingerprint, one in data.get("gone", {}).items()},
            first=str(data.get("first", "")),
        )
    except FileNotFoundError:
        return State()
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise BatchStateError(
            f"{path}: cannot be read ({oddity(error)}); bring back an older copy, or remove it: all findings then count as new"
        ) from error


def write_state(home: Path, state: State) -> None:
    """The state, whole or not at all."""
    data = {"format": _FORMAT, **dataclasses.asdict(state), "begun": list(state.begun)}
    write_file(home / FILE, json.dumps(data, indent=1, sort_keys=True).encode("ascii") + b"\n")


def _plain(name: object) -> str:
    """The name of a folder here and nowhere else: folders are removed by it."""
    if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
        raise NotOursError(f"{name!r} is no folder of this batch")
    return name


def new_folder(home: Path, wanted: str) -> str:
    """A name that is still free."""
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, 10_000))
    return next(name for name in names if not (home / name).exists())


def mark_told(home: Path) -> None:
    """A summary that tells of all runs until now is in its place."""
    state = read_state(home)
    if state.gone or not all(run.told for run in state.runs):
        runs = tuple(dataclasses.replace(run, told=True) for run in state.runs)
        write_state(home, dataclasses.replace(state, runs=runs, gone={}))


def untold(state: State) -> frozenset[str]:
    """The folders of the runs that no summary has told of."""
    return frozenset(run.folder for run in state.runs if not run.told)


def series_in(folder: Path) -> dict[Path, int]:
    """The folders of the series of a run, each with its number of patches; none where there is no whole listing."""
    try:
        listing = read_json(read_plain(folder / "series" / _LIST))
        return {folder / "series" / _plain(one["folder"]): len(one["patches"]) for one in listing["series"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def prune(tree: KernelTree, home: Path, state: State, keep: int) -> State:
    """Remove all but the last `keep` runs; one whose series hold a finding that is still open stays."""
    open_ = {known.since for known in state.known.values()}
    old = [run for run in state.runs[:-keep] if run.folder not in open_]
    if not old:
        return state
    kept = dataclasses.replace(state, runs=tuple(run for run in state.runs if run not in old))
    gone = {home / run.folder for run in old}
    # Runs of other revisions may have the same series under the same refs.
    used = _refs(folder for folder in home.parent.glob("*/*") if folder not in gone)
    for run in old:
        for ref in sorted(_refs([home / run.folder]) - used):
            tree.run_git("update-ref", "-d", ref)
        remove(home / run.folder)
    write_state(home, kept)
    return kept


def remove(folder: Path) -> None:
    """A folder of a run and what is in it; one that is gone, half gone or a link is left as it is."""
    if folder.is_symlink() or not folder.is_dir():
        return
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise StorageError(f"the old run {folder} cannot be removed: {error.strerror}") from error


def _refs(folders: Iterable[Path]) -> set[str]:
    """The refs under which the series of these runs are kept in the kernel repository."""
    found: set[str] = set()
    for folder in folders:
        try:
            listing = read_json(read_plain(folder / "series" / _LIST))
            found |= {str(one["ref"]) for one in listing["series"]}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return {ref for ref in found if ref.startswith(_REFS)}
