"""Three texts (the common one, mine, theirs) -> one text with both changes, or the word that they contradict.

`git merge-file` does it, on copies in a temporary folder.  Messages are merged by paragraphs, as a changed word moves the
line ends of all that follows.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cocci_gen import programs, temporary
from cocci_gen.errors import CocciGenError

_TIMEOUT = 60.0
#: Stands for the line ends within a paragraph; messages hold no control characters.
_WITHIN = "\x1f"
_TRAILER = re.compile(r"(?:[A-Z][A-Za-z-]+-by|Fixes|Link|Closes|Cc|Reported-and-tested-by): \S")


@dataclass(frozen=True, slots=True)
class Merged:
    """Both changes are in it."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Conflict:
    """The changes contradict each other; `text` holds both, with the marks of git."""

    text: bytes


def merge(common: bytes, mine: bytes, theirs: bytes) -> Merged | Conflict:
    """Three texts -> one."""
    if common == theirs or mine == theirs:
        return Merged(mine)
    if common == mine:
        return Merged(theirs)
    with tempfile.TemporaryDirectory(prefix=temporary.prefix("merge")) as name:
        folder = Path(name)
        for label, text in (("new", mine), ("old", common), ("yours", theirs)):
            (folder / label).write_bytes(text)
        environment = programs.clean_environment(folder, GIT_CEILING_DIRECTORIES=str(folder.parent))
        argv = ["git", "merge-file", "-p", "--diff3", "new", "old", "yours"]
        ended = programs.run(argv, cwd=folder, timeout=_TIMEOUT, env=environment)
    if not isinstance(ended, programs.Completed) or not 0 <= ended.returncode < 128:
        raise CocciGenError(f"two versions of a file could not be merged: {programs.describe(ended)}")
    return Conflict(ended.stdout) if ended.returncode else Merged(ended.stdout)


def merge_messages(common: str, mine: str, theirs: str) -> str | Conflict:
    """Three messages -> one; the tags at the end are those of `theirs`, then what `mine` adds to the common ones."""
    bodies, tags = zip(*(split_tags(text) for text in (common, mine, theirs)), strict=True)
    merged = merge(*(_paragraphs(body) for body in bodies))
    if isinstance(merged, Conflict):
        return merged
    body = merged.text.decode().replace(_WITHIN, "\n").strip("\n")
    kept = [*tags[2], *(tag for tag in tags[1] if tag not in tags[2] and tag not in tags[0])]
    return body + ("\n\n" + "\n".join(kept) if kept else "")


def _paragraphs(text: str) -> bytes:
    """A message with one line per paragraph."""
    return "".join(part.replace("\n", _WITHIN) + "\n\n" for part in re.split(r"\n{2,}", text.strip("\n"))).encode()


def split_tags(text: str) -> tuple[str, tuple[str, ...]]:
    """A message -> what comes before its tags, and the tags: all last paragraphs of nothing else, as people add theirs below
    those of others with a blank line between."""
    body, tags = text.strip("\n"), list[str]()
    while True:
        before, _, last = body.rpartition("\n\n")
        lines = last.split("\n")
        if not before or not all(_TRAILER.match(line) for line in lines):
            return body, tuple(tags)
        body, tags = before, [*lines, *tags]
