"""Outcome -> Finding.

A finding is one place where a function breaks one obligation: position, the path that leads there, and, where one could be
made, the edit that mends it.  The types live here; `pipeline` joins the stages that fill them.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cocci_gen.document.obligations import Obligation
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.calls.steps import Step as Step  # noqa: PLC0414 - a part of Finding: its readers know no facts
from cocci_gen.findings.diff_heads import side_name


class Confidence(StrEnum):
    """How sure a finding is; only `high` goes into a series by default."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low to 2 for high, so that confidences can be compared."""
        return ("low", "moderate", "high").index(self.value)


#: The note of a step that tells of a further place by which the same breach comes, and which the same fix edits.
ALSO_HERE = "the same breach comes by here to that exit, and is mended here too"
#: The same of one by which it comes to what the fix edits: there is no change of its own for it.
BY_HERE = "the same breach comes by here to that exit, and one call mends both"
#: The note of a step that tells of a place by which the breach comes too, and which the fix leaves, begins so; a reason follows.
LEFT_HERE = "the way by here is left as it is"
#: The note of a step at an exit of a function that no way leads through without the breach: no condition leads to it.
EVERY_WAY = "every way through the unpatched function breaks the rule"
#: The note of a step at an exit that the fix does not redirty a page at begins so; a reason follows.
DROPPED_HERE = "the data is not kept here"
#: The notes of a step that tells with which functions others take a lock that is kept begin so; for writing, where it is kept by
#: one who only reads, and that nobody does.
TAKEN_WITH = "it is taken with"
WRITTEN_WITH = "it is taken for writing with"
NEVER_WRITTEN = "it is never taken for writing"
#: The note of a step that tells of the same fault of another function begins so.
THE_SAME_IN = "the same is kept by"
#: The doubt about what lies far down.  Of the first 55 findings so far down, on 6.12, 8 were right, and of those nearer by two of
#: three: each is a step less sure.
FAR = "no method is within two calls of it, and of what is found so far down less is right"
#: How the step ends that takes a lock beside which others may have it who only read.
FOR_READING = "for reading"
#: Ends the note of a call which hands out memory that nobody counts.
WHICH_IT_ALLOCATES = ", which it allocates"
#: Errors that say that a page will never be written, however often that is tried.
FOR_GOOD = frozenset({"-EACCES", "-EPERM", "-EOPNOTSUPP", "-ENOTSUPP", "-EROFS", "-ENOSYS"})
#: A reason to be less than sure, and the most that it allows.
Doubt = tuple[Confidence, str]


class FixDoesNotApply(CocciGenError):
    """The lines that an edit replaces are not the lines of the file."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `old` (exact lines with their ends) that begins at 1-based `line` by `new`; an insertion has no `old`."""

    line: int
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]


#: How a piece of evidence begins that makes a finding less sure.
_DOUBTS = (f"{Confidence.LOW.value}: ", f"{Confidence.MODERATE.value}: ")
#: How one ends that tells what else the function does, where the way to the breach does not go.
_BESIDE = (": not passed on this path", ": no path to this return is known to pass it")
#: How one begins that tells of others.
OF_OTHERS = (TAKEN_WITH, WRITTEN_WITH, NEVER_WRITTEN, THE_SAME_IN)


@dataclass(frozen=True, slots=True)
class Registration:
    """The operations table entry through which the VFS reaches the function."""

    struct: str
    variable: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Breach:
    """What goes wrong at the exit, in the words a commit message needs.

    `condition` is the C condition under which the exit is reached ("" when it is unconditional), `taken` tells whether
    the condition holds there; `missing` names the calls that the path owes, `left_out` those of the good way that it does not
    come to.
    """

    statement: str
    condition: str
    taken: bool
    condition_line: int
    missing: tuple[str, ...]
    resource: str
    resource_name: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of the base file, the semantic patch that made them, and the same as a unified diff; `beyond` are lines at which
    that semantic patch would change more, which is no part of the fix."""

    edits: tuple[Edit, ...]
    semantic_patch: str
    diff: str
    beyond: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NoFix:
    """Why a finding has no fix."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one obligation in one function of one tree."""

    fingerprint: str
    obligation: Obligation
    file: str
    function: str
    line: int
    message: str
    confidence: Confidence
    breach: Breach
    registrations: tuple[Registration, ...]
    evidence: tuple[Step, ...]
    semantic_patch: str
    fix: Fix | NoFix

    @property
    def way(self) -> tuple[Step, ...]:
        """The evidence that leads to the breach, step by step."""
        return tuple(
            one
            for one in self.evidence
            if not one.note.startswith((*_DOUBTS, *OF_OTHERS)) and not one.note.endswith(_BESIDE)
        )

    @property
    def beside(self) -> tuple[Step, ...]:
        """The evidence of what else the function does to the thing, where the way to the breach does not go."""
        return tuple(one for one in self.evidence if one.note.endswith(_BESIDE) and not one.note.startswith(_DOUBTS))

    @property
    def doubts(self) -> tuple[Step, ...]:
        """The evidence that makes the finding less sure: it speaks against it, and is no step on the way."""
        return tuple(one for one in self.evidence if one.note.startswith(_DOUBTS))


def fingerprint(obligation_id: str, path: str, function: str, code: str) -> str:
    """16 hex digits from obligation, path, function and code with white space squeezed: no line numbers, so that a
    baseline survives edits elsewhere in the file."""
    normalised = re.sub(r"\s+", " ", code).strip()
    text = "\0".join((obligation_id, path, function, normalised))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def shortened(fingerprint: str) -> str:
    """A fingerprint as lines show it to people, who may name it so."""
    return fingerprint[:8]


def split_lines(text: bytes) -> list[bytes]:
    """The lines of a file with their ends; only LF ends a line (never str.splitlines: form feeds are not line ends)."""
    lines = text.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def unified_diff(path: str, text: bytes, edits: Iterable[Edit]) -> str:
    """The edits as `git diff` shows them, without its first lines; bytes that are not UTF-8 become surrogates."""
    old = [line.decode("utf-8", "surrogateescape") for line in split_lines(text)]
    new = [line.decode("utf-8", "surrogateescape") for line in split_lines(apply_edits(text, edits))]
    parts = []
    for line in difflib.unified_diff(old, new, side_name("a", path), side_name("b", path)):
        parts.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(parts)


def apply_edits(text: bytes, edits: Iterable[Edit]) -> bytes:
    """The file with all edits made; they refer to the unedited file, in any order, and must not overlap.

    Raises FixDoesNotApply when a replaced line differs from the file or two edits overlap.
    """
    lines = split_lines(text)
    result: list[bytes] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.line, len(edit.old))):
        start = edit.line - 1
        if start < done:
            raise FixDoesNotApply(f"two edits overlap at line {edit.line}")
        if tuple(lines[start : start + len(edit.old)]) != edit.old or start > len(lines):
            raise FixDoesNotApply(f"line {edit.line} is not what the edit expects")
        result += lines[done:start]
        result += edit.new
        done = start + len(edit.old)
    return b"".join(result + lines[done:])
