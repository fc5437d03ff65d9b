"""Leaf: lines of a file -> the one commit that introduced them, where the history tells.

What is blamed on the boundary of the history (a shallow clone, Debian's import of one commit) was introduced nobody
knows when, so nothing is proposed then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen import programs
from cocci_gen.kernel_tree import KernelTree

_TIMEOUT = 60.0


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
    commits = set()
    for path, line in places:
        blamed = _blame(tree, path, line)
        if isinstance(blamed, NoOrigin):
            return blamed
        commits.add(blamed)
    if len(commits) != 1:
        return NoOrigin(f"the lines come from {len(commits)} commits")
    commit = commits.pop()
    title = tree.git("show", "-s", "--no-show-signature", "--format=%s", commit).decode("utf-8", "replace").strip()
    return Origin(commit, title)


def _blame(tree: KernelTree, path: str, line: int) -> str | NoOrigin:
    """One line -> its commit."""
    where = ("-L", f"{line},{line}", tree.commit, "--", path)
    ended = tree.run_git("blame", "--porcelain", "-w", "--no-progress", *where, timeout=_TIMEOUT)
    if not isinstance(ended, programs.Completed) or ended.returncode:
        return NoOrigin(f"git blame gave no answer: {programs.describe(ended)}")
    text = ended.stdout.decode("utf-8", "replace")
    if re.search(r"^boundary$", text, re.MULTILINE):
        return NoOrigin("the line is as old as the history at hand")
    return text.split(" ", 1)[0]
