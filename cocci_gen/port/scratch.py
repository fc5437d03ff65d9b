"""Texts by path -> a repository of its own with one commit of them, for making commits and mails away from the user's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from cocci_gen import programs
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.tree import KernelTree

_TIMEOUT = 300.0
_WHO = b"cocci-gen <cocci-gen@localhost>"


def scratch_tree(folder: Path, texts: Mapping[str, bytes], date: int) -> KernelTree:
    """An empty folder, texts and the date of their commit -> the repository in it; CocciGenError where git cannot make one."""
    who = b"%s %d +0000" % (_WHO, date)
    place = folder / "scratch.git"
    _git(folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=base", str(place))
    pieces = [b"commit refs/heads/base\nauthor ", who, b"\ncommitter ", who, b"\n", _data(b"Code before\n")]
    for path, text in sorted(texts.items()):
        pieces += [b"M 100644 inline ", _quoted(path), b"\n", _data(text)]
    _git(folder, "--git-dir", str(place), "fast-import", "--quiet", "--done", stdin=b"".join([*pieces, b"\ndone\n"]))
    return KernelTree.open(place, "refs/heads/base")


def _git(folder: Path, *args: str, stdin: bytes = b"") -> None:
    ended = programs.run(
        ["git", *args], cwd=folder, timeout=_TIMEOUT, env=programs.clean_environment(folder), stdin=stdin
    )
    if not isinstance(ended, programs.Completed) or ended.returncode:
        raise CocciGenError(f"the series could not be made: {programs.describe(ended)}")


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    return b'"' + re.sub(rb"[^ !#-\[\]-~]", lambda found: b"\\%03o" % found[0][0], raw) + b'"'
