"""A diff and the text above it -> whether a part of it is missing: mails are cut, and mail programs wrap lines.

`git apply` takes a diff that ends behind a hunk, and of one that ends within it it says "corrupt patch at line 12" of lines
that nobody can see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_STAT = re.compile(
    rb"^ (\d+) files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?[ \t]*$", re.MULTILINE
)
_BINARY = (b"GIT binary patch", b"Binary files ")


@dataclass(frozen=True, slots=True)
class Sound:
    """Every hunk has the lines that it promises, and the diffstat fits, where there is one."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A hunk is not whole: the 1-based line of the diff at which that shows, and why, as the end of a sentence."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Every hunk is whole, but the diffstat speaks of another diff; why, as a sentence without its subject."""

    reason: str


Damage = Sound | Broken | Doubtful


@dataclass(slots=True)
class _Count:
    """What a diff holds; `git` tells that it is one with the heads of git."""

    files: int = 0
    added: int = 0
    removed: int = 0


def damage_of(diff: bytes, above: bytes) -> Damage:
    """A diff, with whatever stands below it in the mail, and the text of the mail above -> what is wrong with it."""
    count = _Count()
    broken = _walk(diff.split(b"\n"), count)
    if isinstance(broken, Broken):
        return broken
    stats = list(_STAT.finditer(above))
    if not stats or any(word in diff for word in _BINARY):
        return Sound()
    files, added, removed = (int(number or 0) for number in stats[-1].groups())
    if (files, added, removed) == (count.files, count.added, count.removed):
        return Sound()
    return Doubtful(
        f"its diffstat says {_told(files, added, removed)}, its diff {_told(count.files, count.added, count.removed)}"
    )


def _told(files: int, added: int, removed: int) -> str:
    return f"+{added} -{removed} in {files} {'file' if files == 1 else 'files'}"


def _walk(lines: list[bytes], count: _Count) -> Sound | Broken:
    """Count a diff, until its end or the first hunk that is not whole."""
    by_git = any(line.startswith(b"diff --git ") for line in lines)
    head, number = (b"diff --git " if by_git else b"+++ "), 0
    while number < len(lines):
        line = lines[number]
        number += 1
        count.files += line.startswith(head)
        found = _HUNK.match(line)
        if found is None:
            if line.startswith(b"@@") and number > 1 and lines[number - 2].startswith(b"+++ "):
                return Broken(number, "is no head of a hunk")
            continue
        ended = _hunk(lines, number, int(found[1] or 1), int(found[2] or 1), count)
        if isinstance(ended, Broken):
            return ended
        number = ended
    return Sound()


def _hunk(lines: list[bytes], first: int, old: int, new: int, count: _Count) -> int | Broken:
    """The place behind a hunk whose lines begin at `first` (counted from 0)."""
    number, head = first, first
    while old > 0 or new > 0:
        line = lines[number] if number < len(lines) else b"\0"
        sign = line[:1]
        if sign in (b" ", b"") and number + 1 < len(lines):  # what stands behind the last newline is no line
            old, new = old - 1, new - 1
        elif sign == b"-" and old > 0 and not (line.rstrip() == b"--" and _ends(lines, number)):
            old, count.removed = old - 1, count.removed + 1
        elif sign == b"+" and new > 0:
            new, count.added = new - 1, count.added + 1
        elif sign != b"\\":
            return _broken(lines, number, head, max(old, new))
        number += 1
    return number


def _ends(lines: list[bytes], number: int) -> bool:
    """Whether a line that looks like the mark above a signature is one: nothing of a diff stands below."""
    return not any(line[:1] in (b"+", b"-", b"@") for line in lines[number + 1 :])


def _broken(lines: list[bytes], number: int, head: int, lacks: int) -> Broken:
    rest = [line for line in lines[number : number + 1] if line.strip() and line.rstrip() != b"--"]
    short = (
        f"the hunk whose head stands {number - head + 1} lines above lacks {lacks} {'line' if lacks == 1 else 'lines'}"
    )
    if not rest or rest[0].startswith((b"diff --git ", b"@@ ", b"--- ", b"+++ ", b"From ")):
        return Broken(number + 1, f"ends the diff too early: {short}")
    return Broken(number + 1, f"begins with none of blank, + and -, as if a mail program had wrapped it: {short}")
