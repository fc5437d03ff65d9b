"""What a scan told of functions that did not change -> the same, with the lines at which others stand today.

A line that is put into a file moves all that stands below it, and nothing else comes of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from cocci_gen.facts.calls.steps import Step
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Standing

#: Path -> the lines (1-based) of a file as it was that stand in it still, and where.
Lines = Mapping[str, Mapping[int, int]]
#: Lines between the first and the last one that differ; of more, none is said to be still there.
_MOST = 3000


#: Code, which is to be passed over, or lines that stand in words (`facts/calls/steps.line_of`), and the file that they name.
_SAID = re.compile(r"`[^`]*`|(\blines? )(\d+(?:, \d+)*)(?: of (\S+[.][ch])\b)?")
_NUMBER = re.compile(r"\d+")


class MovedLineError(Exception):
    """Something was told with a line of which nobody knows where it is today."""


def line_map(old: bytes, new: bytes) -> dict[int, int]:
    """The lines of a text that another one has too, by their number in both."""
    before, after = old.split(b"\n"), new.split(b"\n")
    top = 0
    while top < min(len(before), len(after)) and before[top] == after[top]:
        top += 1
    rest = min(len(before), len(after)) - top
    end = 0
    while end < rest and before[-1 - end] == after[-1 - end]:
        end += 1
    found = {line: line for line in range(1, top + 1)}
    found |= {len(before) - back: len(after) - back for back in range(end)}
    one, other = before[top : len(before) - end], after[top : len(after) - end]
    if max(len(one), len(other)) <= _MOST:
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
            found |= {top + block.a + n + 1: top + block.b + n + 1 for n in range(block.size)}
    return found


def relined_finding(judged: Judged, lines: Lines) -> Judged:
    """A finding with its evidence at the lines of today; MovedLineError where that cannot be told."""
    finding = judged.finding
    registrations = tuple(replace(one, line=_today(one.file, one.line, lines)) for one in finding.registrations)
    evidence = _steps(finding.evidence, lines)
    return replace(judged, finding=replace(finding, evidence=evidence, registrations=registrations))


def relined_standing(standing: Standing, lines: Lines) -> Standing:
    """How a function stands to an obligation, with the lines of today; MovedLineError where that cannot be told."""
    return replace(standing, steps=_steps(standing.steps, lines))


def _steps(steps: Sequence[Step], lines: Lines) -> tuple[Step, ...]:
    return tuple(
        replace(one, line=_today(one.file, one.line, lines), note=_words(one.note, one.file, lines)) for one in steps
    )


def _words(note: str, home: str, lines: Lines) -> str:
    """What a step of a file says, with the lines of today; words that name no file speak of that of the step."""

    def today(said: re.Match[str]) -> str:
        path = said[3] or home
        if said[1] is None or path not in lines:
            return said[0]
        numbers = _NUMBER.sub(lambda one: str(_today(path, int(one[0]), lines)), said[2])
        return f"{said[1]}{numbers}{said[0][len(said[1]) + len(said[2]) :]}"

    return _SAID.sub(today, note)


def _today(path: str, line: int, lines: Lines) -> int:
    if path not in lines:
        return line
    if line not in lines[path]:
        raise MovedLineError
    return lines[path][line]
