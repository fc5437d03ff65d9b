"""The rungs that a patch climbs before it is shown to anybody, and how it fared on each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Rung(StrEnum):
    """What is checked of a patch, in the order of the ladder; the scan reports the first five (trials.Trial)."""

    APPLIES = "applies"
    PARSES = "parses"
    GONE = "finding gone"
    NONE_NEW = "none new"
    CONVERGES = "converges"
    FORMATTING = "formatted like its surroundings"
    CHECKPATCH = "checkpatch"
    MAIL = "mail self-test"
    BUILDS = "compiles"

    @property
    def sentence(self) -> str:
        """What may be said of a patch that passed."""
        return _SENTENCES[self]


#: The longest line that the kernel's style has; a file with longer ones has its own.
_COLUMNS = 100
#: Why a rung that costs much was not climbed.
NOT_ASKED = "not asked for"

#: The rungs of which a mail tells: that a patch applies, or can be mailed, is taken for granted by its readers.
TOLD = frozenset({Rung.APPLIES, Rung.GONE, Rung.NONE_NEW, Rung.CHECKPATCH, Rung.BUILDS})

_SENTENCES = {
    Rung.APPLIES: "the patch applies to the base commit",
    Rung.PARSES: "what was changed parses with spatch",
    Rung.GONE: "the checks no longer report what was found",
    Rung.NONE_NEW: "they report nothing new of its sort in the function",
    Rung.CONVERGES: "applying the semantic patch again changes nothing",
    Rung.FORMATTING: "the new lines are formatted like those around them",
    Rung.CHECKPATCH: "checkpatch has nothing to say",
    Rung.MAIL: "git am gives back the author, the message and the tree",
    Rung.BUILDS: "the changed files compile without new warnings",
}


@dataclass(frozen=True, slots=True)
class Passed:
    """The patch passed."""

    rung: Rung


@dataclass(frozen=True, slots=True)
class NotPassed:
    """The patch did not pass."""

    rung: Rung
    reason: str


@dataclass(frozen=True, slots=True)
class NotRun:
    """Nobody looked."""

    rung: Rung
    reason: str


Result = Passed | NotPassed | NotRun


def passed(results: Iterable[Result]) -> tuple[Rung, ...]:
    """The rungs that were passed, in their order."""
    return tuple(sorted((result.rung for result in results if isinstance(result, Passed)), key=list(Rung).index))


def formatting(before: bytes, after: bytes) -> tuple[str, ...]:
    """A file before and after a patch -> what about its new lines is unlike the lines around them.

    Judged is what the file itself does: indentation by tabs or by blanks, line ends, blanks at line ends, width; what
    checkpatch says of whitespace is said here of every patch, for that script is only run when the user names one.
    """
    old = set(before.split(b"\n"))
    widest = max(_COLUMNS, *(len(line.expandtabs(8)) for line in old))
    complaints = []
    by_blanks = sum(line.startswith(b"    ") for line in old)
    by_tabs = sum(line.startswith(b"\t") for line in old)
    lines = after.split(b"\n")
    for number, line in enumerate(lines, 1):
        if line in old:
            continue
        alike = _indented_alike(lines, number, old)
        if line != line.rstrip():
            complaints.append(f"line {number} ends in blanks")
        if by_tabs > by_blanks and line.startswith(b"    ") and not alike:
            complaints.append(f"line {number} is indented by blanks, the file by tabs")
        if by_blanks > by_tabs and line.startswith(b"\t") and not alike:
            complaints.append(f"line {number} is indented by a tab, the file by blanks")
        if b" \t" in line:
            complaints.append(f"line {number} has a blank before a tab")
        if (columns := len(line.expandtabs(8))) > widest:
            complaints.append(f"line {number} has {columns} columns")
    if after.count(b"\n\n\n") > before.count(b"\n\n\n"):
        complaints.append("two blank lines follow each other")
    if after.endswith(b"\n") != before.endswith(b"\n"):
        complaints.append("the end of the last line changed")
    return tuple(complaints)


def _indented_alike(lines: list[bytes], number: int, old: set[bytes]) -> bool:
    """Whether the nearest line of the file above or below a new one is indented just like it: a file may do both."""
    above = next((line for line in reversed(lines[: number - 1]) if line.strip() and line in old), b"")
    below = next((line for line in lines[number:] if line.strip() and line in old), b"")
    indents = {line[: len(line) - len(line.lstrip())] for line in (above, below)}
    line = lines[number - 1]
    return line[: len(line) - len(line.lstrip())] in indents
