"""Lines of a file -> the one commit that introduced them, where the history tells.

What is blamed on the boundary of the history (a shallow clone, Debian's import of one commit) was introduced nobody
knows when, so nothing is proposed then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen import programs
from cocci_gen.kernel.tree import KernelTree

_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Origin:
    """The commit, as a Fixes: tag names it."""

    commit: str
    title: str

    @property
    def tag(self) -> str:
        """`Fixes: 0123456789ab ("title")`."""
        return f'Fixes: {self.commit[:12]} ("{self.title}")'


@dataclass(frozen=True, slots=True)
class NoOrigin:
    """Why no commit can be named."""

    reason: str


def find_origin(tree: KernelTree, places: Sequence[tuple[str, int]]) -> Origin | NoOrigin:
    """Paths and 1-based lines of the tree -> the one commit that all of them come from."""
    lines: dict[str, set[int]] = {}
    for path, line in places:
        lines.setdefault(path, set()).add(line)
    commits: set[str] = set()
    for path in sorted(lines):
        blamed = _blame(tree, path, sorted(lines[path]))
        if isinstance(blamed, NoOrigin):
            return blamed
        commits |= blamed
    if len(commits) != 1:
        return NoOrigin(f"the lines come from {len(commits)} commits")
    commit = commits.pop()
    title = tree.git("rev-list", "--max-count=1", "--no-commit-header", "--format=%s", commit)
    return Origin(commit, title.decode("utf-8", "replace").strip())


def _blame(tree: KernelTree, path: str, lines: Sequence[int]) -> set[str] | NoOrigin:
    """Lines of one file -> their commits."""
    ranges = [word for line in lines for word in ("-L", f"{line},{line}")]
    ended = tree.run_git(
        "blame",
        "--ignore-revs-file=",
        "--porcelain",
        "-w",
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
    if re.search(r"^boundary$", text, re.MULTILINE):
        return NoOrigin("the line is as old as the history at hand")
    return set(re.findall(r"^([0-9a-f]{40}) \d+ \d+", text, re.MULTILINE))
