"""Caches, refs and run folders -> what can go, how much that frees, and its removal.

Nothing is removed that a run still needs without being named: refs of runs that are kept stay, and a folder goes only when
all of it was written by a run.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.errors import StorageError, UsageProblem
from cocci_gen.facts.tree.index_file import INDEX_PREFIX
from cocci_gen.findings.stored import read_json, read_plain
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.folder import BESIDE, LINES, read_header

_REFS = "refs/cocci-gen/"
_LIST = "series/series.json"
#: What a run and its series leave in a folder.
_OF_A_RUN = re.compile(
    "|".join(map(re.escape, ("run.json", *LINES, *BESIDE)))
    + r"|(?:diffs|semantic_patches|series|reports?)|\.cocci-gen-\w+"
)
_CACHES = re.compile(
    r"(?:index-.*|jobs|port|searches-\d+|callers-\d+)\.sqlite(?:-wal|-shm|\.sound|\.lock|\.broken-[\d-]+)*"
)


@dataclass(frozen=True, slots=True)
class Removable:
    """One thing that can go: `what` it is for people, its size, and where it is (`ref` is empty for a file or folder)."""

    what: str
    size: int
    path: Path
    ref: str = ""


def removable_caches(cache: Path, *, everything: bool) -> tuple[Removable, ...]:
    """What a folder of caches holds that no run of this version reads: indexes of others, files that were put aside; with
    `everything` also what the next run would make again."""
    found = []
    for path in sorted(cache.iterdir()) if cache.is_dir() else ():
        if path.is_symlink() or not path.is_file() or _CACHES.fullmatch(path.name) is None:
            continue
        current = (
            path.name.startswith((INDEX_PREFIX, "jobs.sqlite", "port.sqlite", "searches-"))
            and ".broken-" not in path.name
        )
        if everything or not current:
            words = "put aside when it was broken" if ".broken-" in path.name else "of this version"
            found.append(
                Removable(words if current or ".broken-" in path.name else "of another version", _size(path), path)
            )
    rooms = cache / "builds"
    if everything and rooms.is_dir() and not rooms.is_symlink():
        found += [
            Removable("a tree to build in", _size(room), room) for room in sorted(rooms.iterdir()) if room.is_dir()
        ]
    return tuple(found)


def removable_reports() -> tuple[Removable, ...]:
    """The reports of crashes that lie in the temporary folder and are the user's own."""
    found = []
    for path in sorted(Path(tempfile.gettempdir()).glob("cocci-gen-crash-*.txt")):
        try:
            mine = path.lstat().st_uid == os.geteuid() and path.is_file() and not path.is_symlink()
        except OSError:
            continue
        if mine:
            found.append(Removable("the report of a crash", _size(path), path))
    return tuple(found)


def removable_refs(tree: KernelTree, kept: Iterable[Path]) -> tuple[Removable, ...]:
    """The refs below refs/cocci-gen/ that the series of no kept run lie under."""
    used = {ref for run in kept for ref in refs_of(run)}
    listing = tree.git("for-each-ref", "--format=%(refname)%09%(committerdate:short)%09%(contents:subject)", _REFS)
    found = []
    for line in listing.decode("utf-8", "replace").splitlines():
        ref, date, subject = [*line.split("\t", 2), "", ""][:3]
        if ref.startswith(_REFS) and ref not in used:
            found.append(Removable(f"on a commit of {date}: {subject[:60]}", 0, tree.root, ref))
    return tuple(found)


def removable_run(run: Path) -> Removable:
    """A run folder; UsageProblem when it is none, or holds what no run has written."""
    header, _ = read_header(run)
    strange = sorted(path.name for path in run.iterdir() if _OF_A_RUN.fullmatch(path.name) is None)
    if run.is_symlink() or strange:
        raise UsageProblem(
            f"{run} holds {', '.join(strange[:3]) or 'a link'}, which no run has written; move it away, then clean again"
        )
    return Removable(f"a run on {header.commit[:12]}", _size(run), run)


def refs_of(run: Path) -> frozenset[str]:
    """The refs under which the series of a run lie in its kernel repository."""
    try:
        listing = read_json(read_plain(run, _LIST))
        return frozenset(str(one["ref"]) for one in listing["series"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return frozenset()


def remove(things: Sequence[Removable], tree: KernelTree | None) -> None:
    """Remove them; StorageError names what could not be removed, what came before it is gone."""
    for one in things:
        if one.ref and tree is not None:
            tree.git("update-ref", "-d", one.ref)
            continue
        try:
            shutil.rmtree(one.path) if one.path.is_dir() else one.path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{one.path} cannot be removed: {error.strerror}") from error


def _size(path: Path) -> int:
    """The bytes of a file, or of all files below a folder."""
    try:
        if not path.is_dir():
            return path.lstat().st_size
        return sum(inner.lstat().st_size for inner in path.rglob("*") if not inner.is_dir() or inner.is_symlink())
    except OSError:
        return 0
