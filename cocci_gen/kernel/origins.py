"""Lines of a file, and calls that are missing there -> the commits that brought that in, where the history tells.

A commit that only renamed, indented or moved a line, within its file or from another one, did not introduce it.  What is blamed
on the boundary of the history (a shallow clone, Debian's import of one commit) was introduced nobody knows when, so nothing is
proposed then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cocci_gen import programs
from cocci_gen.kernel.removals import Gap, find_removal
from cocci_gen.kernel.tree import KernelTree

_TIMEOUT = 120.0
#: More tags than this say that the code has always been like that.
_MOST = 3
#: Lines above and below that are blamed with one.
_AROUND = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """The commit, as a Fixes: tag names it; `others` are those from which other of the lines come, each a bug of its own."""

    commit: str
    title: str
    others: tuple[Origin, ...] = ()

    @property
    def tag(self) -> str:
        """`Fixes: 0123456789ab ("title")`."""
        return f'Fixes: {self.commit[:12]} ("{self.title}")'

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all commits, the oldest first."""
        return (self.tag, *(one.tag for one in self.others))


@dataclass(frozen=True, slots=True)
class NoOrigin:
    """Why no commit can be named."""

    reason: str


@dataclass(frozen=True, slots=True)
class Culprit:
    """What one bug may come from: lines, as (path, 1-based line), and places where a call is missing that may have stood
    there."""

    places: tuple[tuple[str, int], ...]
    gaps: tuple[Gap, ...] = ()


def find_origin(tree: KernelTree, culprits: Sequence[Culprit], known: str = "") -> Origin | NoOrigin:
    """What bugs may come from -> the few commits that brought them in: who removed the call, else who wrote the lines.

    All of them are in the history of the commit `known` (that of the tree, where it is not given): what a check laid over that is
    in no commit which others could look up.
    """
    commits: set[str] = set()
    for culprit in culprits:
        brought = _brought_in(tree, culprit)
        if isinstance(brought, NoOrigin):
            return brought
        commits |= brought
    if not 0 < len(commits) <= _MOST:
        return NoOrigin(f"the lines come from {len(commits)} commits")
    if known not in ("", tree.commit) and not all(_is_below(tree, commit, known) for commit in commits):
        return NoOrigin("the line comes with the change that was checked")
    listed = tree.git("rev-list", "--no-walk=sorted", "--no-commit-header", "--format=%H %s", *sorted(commits))
    named = [line.partition(" ") for line in reversed(listed.decode("utf-8", "replace").strip().split("\n"))]
    first, *others = (Origin(commit, title.strip()) for commit, _, title in named)
    return replace(first, others=tuple(others))


def _brought_in(tree: KernelTree, culprit: Culprit) -> set[str] | NoOrigin:
    """The commits of one bug: a line that was right when it was written, and lost its call, is not to blame."""
    blamed = _written(tree, culprit.places)
    since = () if isinstance(blamed, NoOrigin) else sorted(blamed)
    removed = {commit for gap in culprit.gaps if (commit := find_removal(tree, gap, since))}
    if len(removed) > 1:
        return NoOrigin("the call was removed by more than one commit")
    return removed or blamed


def _written(tree: KernelTree, places: Sequence[tuple[str, int]]) -> set[str] | NoOrigin:
    """Lines -> the commits that wrote them."""
    lines: dict[str, set[int]] = {}
    for path, line in places:
        lines.setdefault(path, set()).add(line)
    commits: set[str] = set()
    for path in sorted(lines):
        blamed = _blame(tree, path, sorted(lines[path]))
        if isinstance(blamed, NoOrigin):
            return blamed
        commits |= blamed
    return commits


def _is_below(tree: KernelTree, commit: str, known: str) -> bool:
    """Whether a commit is in the history of another one."""
    ended = tree.run_git("merge-base", "--is-ancestor", commit, known)
    return isinstance(ended, programs.Completed) and ended.returncode == 0


def _blame(tree: KernelTree, path: str, lines: Sequence[int]) -> set[str] | NoOrigin:
    """Lines of one file -> their commits."""
    # A line alone is too little for git to tell where it was moved from.
    ranges = [word for line in lines for word in ("-L", f"{max(1, line - _AROUND)},{line + _AROUND}")]
    ended = tree.run_git(
        "blame",
        "--ignore-revs-file=",
        "--porcelain",
        "-w",
        "-M",
        "-C",
        "--no-progress",
        *ranges,
        tree.commit,
        "--",
        path,
        timeout=_TIMEOUT,
    )
    if not isinstance(ended, programs.Completed) or ended.returncode:
        return NoOrigin(f"git blame gave no answer: {programs.describe(ended)}")
    text = ended.stdout.decode("utf-8", "replace")
    blamed: set[str] = set()
    for block in re.split(r"^(?=[0-9a-f]{40} \d+ \d+)", text, flags=re.MULTILINE):
        found = re.match(r"([0-9a-f]{40}) \d+ (\d+)", block)
        if found and int(found[2]) in lines:
            blamed.add(found[1])
    oldest = set(re.findall(r"^([0-9a-f]{40}) \d+ \d+ \d+\n(?:(?!\t).*\n)*?boundary$", text, re.MULTILINE))
    if not blamed & oldest:
        return blamed
    alone = ", which is a single commit" if tree.commit in oldest else ""
    return NoOrigin(f"the line is as old as the history at hand{alone}")
