"""Texts by path -> a repository of its own with one commit of them, for making commits and mails away from the user's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cocci_gen import programs
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.import_stream import commit, entry
from cocci_gen.kernel.tree import KernelTree

_TIMEOUT = 300.0
_WHO = b"cocci-gen <cocci-gen@localhost>"


def scratch_tree(folder: Path, texts: Mapping[str, bytes], date: int) -> KernelTree:
    """An empty folder, texts and the date of their commit -> the repository in it; CocciGenError where git cannot make one."""
    who = b"%s %d +0000" % (_WHO, date)
    place = folder / "scratch.git"
    _git(folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=base", str(place))
    files = (entry("100644", path, text) for path, text in sorted(texts.items()))
    stream = b"".join([commit("refs/heads/base", who, b"Code before\n"), *files, b"\ndone\n"])
    _git(folder, "--git-dir", str(place), "fast-import", "--quiet", "--done", stdin=stream)
    return KernelTree.open(place, "refs/heads/base")


def _git(folder: Path, *args: str, stdin: bytes = b"") -> None:
    ended = programs.run(
        ["git", *args], cwd=folder, timeout=_TIMEOUT, env=programs.clean_environment(folder), stdin=stdin
    )
    if not isinstance(ended, programs.Completed) or ended.returncode:
        raise CocciGenError(f"the series could not be made: {programs.describe(ended)}")
