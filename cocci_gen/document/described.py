"""A document -> Sentence, what it says under the name of a method, in the three layouts in which the documents name methods.

    ``d_iput``                           * ::                          ``->iomap_begin``
        called when the dentry ...                                     ~~~~~~~~~~~~~~~~~
                                             int (*get_tree)(...);
                                                                       Operations call this to ...
                                           Called to get ...

A name stands for the method of the structure whose declaration is the last one above it that has such a member.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cocci_gen.document.prose import Clause, read_clauses

_STRUCT = re.compile(r"^\s*struct (\w+) \{")
_CLOSED = re.compile(r"^\s*\}")
_MEMBER = re.compile(r"\(\s*\*\s*(\w+)\s*\)\s*\(")
_ITEM = re.compile(r"^(?P<indent>\s*(?:[-*] )?)``(?P<name>\w+)(?:\(\))?``(?::(?P<rest>.*))?\s*$")
_QUOTED = re.compile(r"^\s*\* ::\s*$")
_HEADING = re.compile(r"^``->(\w+)(?:\(\))?``\s*$")
_UNDERLINE = re.compile(r"^([=~\-^\"])\1{2,}\s*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document about one method of a structure."""

    path: str
    struct: str
    method: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class _Entry:
    """The names of methods and the text about them: (index of the first line, lines) of each paragraph; `line` is that of the
    first name."""

    line: int
    methods: tuple[str, ...]
    paragraphs: tuple[tuple[int, tuple[str, ...]], ...]


def sentences(path: str, text: str) -> Iterator[Sentence]:
    """The sentences under the names of methods, in the order of the document."""
    lines = text.expandtabs().splitlines()
    homes = _homes(lines)
    for entry in sorted((*_items(lines), *_quoted(lines), *_headings(lines)), key=lambda one: one.line):
        struct = next((home for method in entry.methods if (home := _home(homes, method, entry.line))), "")
        if not struct:
            continue
        for start, paragraph in entry.paragraphs:
            for clause in read_clauses(paragraph, start + 1, entry.methods, entry.methods):
                for method in entry.methods:
                    yield Sentence(path, struct, method, clause)


def _homes(lines: Sequence[str]) -> dict[str, dict[int, str]]:
    """Member -> line of its declaration -> structure."""
    found: dict[str, dict[int, str]] = {}
    struct = ""
    for number, line in enumerate(lines):
        opened = _STRUCT.match(line)
        struct = opened[1] if opened else "" if _CLOSED.match(line) else struct
        member = _MEMBER.search(line)
        if struct and member:
            found.setdefault(member[1], {})[number] = struct
    return found


def _home(homes: Mapping[str, Mapping[int, str]], method: str, line: int) -> str:
    """The structure whose declaration of a method is the last one above a line, "" where none is."""
    above = [number for number in homes.get(method, {}) if number < line]
    return homes[method][max(above)] if above else ""


# The layouts.


def _items(lines: Sequence[str]) -> Iterator[_Entry]:
    """Names in quotes that begin an item; names that follow each other share one text."""
    number = 0
    while number < len(lines):
        item = _ITEM.match(lines[number])
        if not item:
            number += 1
            continue
        first, names, margin = number, [item["name"]], _indent(lines[number])
        while number + 1 < len(lines) and not item["rest"] and (other := _ITEM.match(lines[number + 1])):
            names.append(other["name"])
            number, item = number + 1, other
        last = _end_of_item(lines, number + 1, margin)
        yield _Entry(first, tuple(names), tuple(_paragraphs(lines, first, last, margin)))
        number = last


def _quoted(lines: Sequence[str]) -> Iterator[_Entry]:
    """Prototypes that begin an item."""
    for number, line in enumerate(lines):
        if not _QUOTED.match(line):
            continue
        margin = _indent(line)
        last = _end_of_item(lines, number + 1, margin)
        begin = next((n for n in range(number + 1, last) if lines[n].strip()), last)
        end = next((n for n in range(begin, last) if not lines[n].strip()), last)
        member = _MEMBER.search(" ".join(lines[begin:end]))
        if member:
            yield _Entry(number, (member[1],), tuple(_paragraphs(lines, end, last, margin)))


def _headings(lines: Sequence[str]) -> Iterator[_Entry]:
    """Names that are headings."""
    underlined = [n for n in range(len(lines) - 1) if lines[n].strip() and _UNDERLINE.match(lines[n + 1])]
    for number, after in pairwise((*underlined, len(lines))):
        if (name := _HEADING.match(lines[number])) is not None:
            yield _Entry(number, (name[1],), tuple(_paragraphs(lines, number + 2, after, 0)))


def _end_of_item(lines: Sequence[str], number: int, margin: int) -> int:
    while number < len(lines) and (not lines[number].strip() or _indent(lines[number]) > margin):
        number += 1
    return number


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _paragraphs(lines: Sequence[str], first: int, last: int, margin: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(index of the first line, lines) of each paragraph of an item; what follows a name on its line is part of the text."""
    found: list[str] = []
    start = first
    for number in range(first, last):
        item = _ITEM.match(lines[number])
        text = (item["rest"] or "").strip() if item else lines[number].strip()
        if text and (not item or _indent(lines[number]) == margin):
            start = start if found else number
            found.append(text)
        elif found:
            yield start, tuple(found)
            found = []
    if found:
        yield start, tuple(found)
