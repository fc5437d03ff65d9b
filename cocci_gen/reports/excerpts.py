"""A finding and the files of its tree -> the lines to show of it, with the path drawn beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pygments.lexers.c_cpp import CLexer
from pygments.token import Comment, Keyword, Literal, Name, Token

from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Finding, split_lines
from cocci_gen.reports.hostile import visible
from cocci_gen.runs.pages import Missing, Source, shown_lines, spans

#: Token types of pygments -> the class of the colour; the first that fits.
_CLASSES = (
    (Comment.Preproc, "pp"),
    (Comment.PreprocFile, "pp"),
    (Comment, "cm"),
    (Keyword, "kw"),
    (Name.Function, "fn"),
    (Literal.String, "st"),
    (Literal.Number, "nu"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, and the class of its colour ("" for none)."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the path: its number along the path, and its words; 0 for what stands there and is not on the path."""

    number: int
    note: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of source; `on_path` when it lies between two steps of the path, `gap` when lines before it are left out."""

    number: int
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    on_path: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines to show of one file; `missing` tells why there are none ("" where there are)."""

    path: str
    lines: tuple[ShownLine, ...]
    missing: str = ""


def excerpts(finding: Finding, source: Source) -> tuple[Excerpt, ...]:
    """The files that the path goes through, in its order: the function, and the places elsewhere."""
    steps = list(enumerate(finding.way, 1))
    files = dict.fromkeys((*(step.file for _, step in steps), finding.file))
    steps += [(0, step) for step in finding.beside]
    return tuple(_excerpt(path, finding, steps, source) for path in files)


def _excerpt(path: str, finding: Finding, steps: list[tuple[int, Step]], source: Source) -> Excerpt:
    marks: dict[int, list[Mark]] = {}
    for number, step in steps:
        if step.file == path:
            marks.setdefault(step.line, []).append(Mark(number, visible(step.note)))
    here = finding.line if path == finding.file else 0
    if here:
        marks.setdefault(here, [])
    code = source(path)
    if isinstance(code, Missing):
        return Excerpt(visible(path), (), visible(code.reason))
    return Excerpt(visible(path), tuple(_lines(code, marks, here)))


def _lines(code: bytes, marks: dict[int, list[Mark]], here: int) -> Iterator[ShownLine]:
    lines = [line.decode("utf-8", "replace").rstrip("\r\n").expandtabs(8) for line in split_lines(code)]
    numbers = [number for number in shown_lines(code, sorted(marks), here) if 1 <= number <= len(lines)]
    span = next((one for one in spans(code) if here in one), None)
    along = [number for number in marks if number == here or any(mark.number for mark in marks[number])]
    inside = [number for number in along if span is not None and number in span]
    first, last = _stretch(inside, here)
    coloured: dict[int, tuple[Piece, ...]] = {}
    if span is not None:
        text = "\n".join(lines[span.start - 1 : span.stop - 1])
        coloured = dict(enumerate(colours(text), span.start))
    before = 0
    for number in numbers:
        pieces = coloured.get(number) or (Piece(visible(lines[number - 1]), ""),)
        gap = before != 0 and number > before + 1
        yield ShownLine(number, pieces, tuple(marks.get(number, ())), first <= number <= last, gap)
        before = number


def _stretch(inside: list[int], here: int) -> tuple[int, int]:
    """The first and last line of the path within the function: it ends at the finding, what is said of later lines is
    not on it."""
    if not inside:
        return 0, 0
    first = min(inside)
    return first, here if here > first else max(inside)


def colours(code: str) -> list[tuple[Piece, ...]]:
    """C code -> its lines in coloured pieces; a lexer that misunderstands loses colours, never text."""
    lines: list[list[Piece]] = [[]]
    for _, token, text in CLexer().get_tokens_unprocessed(code):
        colour = next((name for kind, name in _CLASSES if token in kind), "") if token is not Token.Text else ""
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Piece(visible(part), colour))
    return [tuple(line) for line in lines]
