"""What `spatch --parse-c` prints about one file -> ParseReport: which lines spatch could not understand.

spatch says nothing about code that it cannot parse and leaves out the whole function, so "no finding" is only worth
something together with this report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOTALS = re.compile(rb"^nb good = (\d+),  nb bad = (\d+) ", re.MULTILINE)
_BAD = b"bad: "
_WORST = b"BAD:!!!!! "


@dataclass(frozen=True, slots=True)
class Hole:
    """Lines `first` to `last` (1-based, inclusive) were not examined; `reason` quotes where spatch gave up."""

    first: int
    last: int
    reason: str

    def overlaps(self, first: int, last: int) -> bool:
        """Whether a line from `first` to `last` is in the hole."""
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class ParseReport:
    """How many lines of a file spatch understood, and where the others are."""

    good_lines: int
    bad_lines: int
    holes: tuple[Hole, ...]

    def is_as_good_as(self, before: ParseReport) -> bool:
        """Whether an edited file is understood as well: no more lines are lost, or what was added stands in a hole."""
        return self.bad_lines <= before.bad_lines or self.good_lines >= before.good_lines

    def hole_in(self, first: int, last: int) -> Hole | None:
        """The first hole that has a line from `first` to `last`; None when spatch has seen them all."""
        return next((hole for hole in self.holes if hole.overlaps(first, last)), None)


def not_examined(text: bytes, reason: str) -> ParseReport:
    """The report of a file that spatch did not understand at all."""
    lines = text.count(b"\n") + 1
    return ParseReport(0, lines, (Hole(1, lines, reason),))


def has_totals(stdout: bytes) -> bool:
    """Whether `spatch --parse-c` came to its end: it then prints totals, whatever it could not parse."""
    return _TOTALS.search(stdout) is not None


def read_report(text: bytes, stdout: bytes, stderr: bytes) -> ParseReport:
    """The file and the output of `spatch --parse-error-msg --parse-c` -> ParseReport.

    stdout ends with `nb good = G,  nb bad = B =====> ...`.  For each hole, stderr has `badcount: N` and then the lines
    of the hole, `bad: ` before each, `BAD:!!!!! ` before the one with the error (unless that is the end of the file).
    spatch's own line numbers may be those of a macro definition, so the lines are looked up in the text.
    """
    totals = _TOTALS.search(stdout)
    if totals is None:
        return not_examined(text, "spatch --parse-c printed no totals")
    good, bad = int(totals[1]), int(totals[2])
    if not bad:
        return ParseReport(good, 0, ())
    lines = text.split(b"\n")
    holes: list[Hole] = []
    start = 0
    for block in _blocks(stderr):
        found = _locate(lines, block, start)
        if found is None:
            return ParseReport(good, bad, not_examined(text, "spatch found errors that cannot be located").holes)
        start = found + 1
        holes.append(_hole(found, block))
    if not holes:
        return ParseReport(good, bad, not_examined(text, "spatch found errors without saying where").holes)
    return ParseReport(good, bad, tuple(holes))


def _blocks(stderr: bytes) -> list[list[bytes]]:
    """The marked lines after each `badcount:`, in the order of the file."""
    blocks: list[list[bytes]] = []
    inside = False
    for line in stderr.split(b"\n"):
        if line.startswith(b"badcount: "):
            blocks.append([])
            inside = True
        elif inside and line.startswith((_BAD, _WORST)):
            blocks[-1].append(line)
        else:
            inside = False
    return [block for block in blocks if block]


def _locate(lines: list[bytes], block: list[bytes], start: int) -> int | None:
    """The index of the first line of a block in the file, at or after `start`."""
    wanted = [_unmarked(line) for line in block]
    for index in range(start, len(lines) - len(wanted) + 1):
        if lines[index] == wanted[0] and lines[index : index + len(wanted)] == wanted:
            return index
    return None


def _hole(index: int, block: list[bytes]) -> Hole:
    """The hole of a block; its first line is where the last good declaration ended, which is not part of the hole."""
    first, last = index + 1, index + len(block)
    head = _unmarked(block[0]).rstrip()
    if len(block) > 1 and not block[0].startswith(_WORST) and (head.endswith((b"}", b";")) or head.startswith(b"#")):
        first += 1
    worst = next((line for line in block if line.startswith(_WORST)), block[-1])
    quoted = " ".join(_unmarked(worst).decode("utf-8", "backslashreplace").split())[:80]
    return Hole(first, last, f"spatch cannot parse `{quoted}`")


def _unmarked(line: bytes) -> bytes:
    return line[len(_WORST) :] if line.startswith(_WORST) else line[len(_BAD) :]
