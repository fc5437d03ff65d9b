"""Paragraphs of locking.rst -> Clause, one per sentence.

    ->launder_page() may be called prior to releasing a page ...    a clause about launder_page
    Note that ... it needs to be kept locked ...                    the next one, still about launder_page

A sentence that begins with methods is about them; any other one is about what the sentence before it was about. A
clause about no method speaks of the whole section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.document.lines import squeeze

_END = re.compile(r"[.!?]+[\"')\]]*(?=\s)")
_NO_END = re.compile(r"\b(?:e\.g|i\.e|cf|vs|resp)\.$")
_TAIL = 12  # characters before the end of a sentence that may show that it is none
_ETC = re.compile(r"\betc\.[\"')\]]*$")
_BEGINS = re.compile(r"\s+(?:[A-Z(*`\"]|->)")
_ARROW = r"->\w+(?:\(\))?"
_LEADING = re.compile(rf"(?:[\w-]+,? )?({_ARROW}(?:(?:, and|,| and| or) {_ARROW})*)")
_JOINED = re.compile(r", and | and |, | or ")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of prose: what it is about (`subjects`), what else it names (`mentions`), and where it stands."""

    subjects: tuple[str, ...]
    mentions: tuple[str, ...]
    text: str
    line: int
    last_line: int
    footnote: str


def read_clauses(
    lines: Sequence[str], first: int, known: Collection[str], subjects: tuple[str, ...], footnote: str = ""
) -> tuple[Clause, ...]:
    """The clauses of one paragraph whose first line has number `first`.

    `known` are the methods of the section, `subjects` what the text before was about.
    """
    clauses: list[Clause] = []
    for text, start, end in _sentences(lines):
        subjects = _subjects(text, known) or subjects
        mentions = tuple(dict.fromkeys(re.findall(r"->(\w+)", text)))
        clauses.append(Clause(subjects, mentions, text, first + start, first + end, footnote))
    return tuple(clauses)


def _sentences(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Text, first and last index of each sentence; in a list, each item begins a new one."""
    is_list = _ITEM.match(lines[0])
    begin = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or (is_list and _ITEM.match(lines[index])):
            yield from _split(lines[begin:index], begin)
            begin = index


def _split(lines: Sequence[str], offset: int) -> Iterator[tuple[str, int, int]]:
    text = "\n".join(lines) + "\n"
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    begin = 0
    for match in _END.finditer(text):
        # A stop at the end of a line ends a sentence, also where the next begins in lower case ("cross-directory ...").
        begins = _BEGINS.match(text, match.end())
        tail = text[max(begin, match.end() - _TAIL) : match.end()]
        at_line_end = text[match.end()] == "\n" and not _ETC.search(tail)
        if _NO_END.search(tail) or not (begins or at_line_end):
            continue
        yield from _sentence(text[begin : match.end()], begin, starts, offset)
        begin = match.end()
    yield from _sentence(text[begin:], begin, starts, offset)


def _sentence(piece: str, begin: int, starts: Sequence[int], offset: int) -> Iterator[tuple[str, int, int]]:
    """The sentence with its first and last index, unless it is blank; `starts` are the places where lines begin."""
    if piece.strip():
        first = begin + len(piece) - len(piece.lstrip())
        last = begin + len(piece.rstrip()) - 1
        yield squeeze(piece), offset + bisect_right(starts, first) - 1, offset + bisect_right(starts, last) - 1


def _subjects(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The methods a sentence begins with: `->open() and ->close() ...`, or, if known, `open and close are ...`."""
    leading = _LEADING.match(text)
    if leading:
        return tuple(dict.fromkeys(re.findall(r"->(\w+)", leading.group(1))))
    words = re.match(r"([\w, ]+?) (?:is|are|was|should|must|may|can|cannot|will|has|have)\b", text)
    names = _JOINED.split(words.group(1)) if words else []
    return tuple(names) if names and all(name in known for name in names) else ()
