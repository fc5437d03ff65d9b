"""The lines of one simple table -> RuleTable.

    ==============  ===========  =========      top border: where the columns begin
    ops             ->d_lock     may block      headings, the first one names the methods
    ==============  ===========  =========      border
    d_hash          no           no             rows; the colon behind the method is optional
    d_delete:       yes          no
    ==============  ===========  =========      bottom border

Real tables mix tabs (of eight) and spaces, let the text of a cell run past its border, and have borders that do not
agree. What can be read in one way only is read, with a note; anything else is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen.document.lines import Note, broken, squeeze

TAB = 8
_BORDER = re.compile(r"[ \t]*=+(?:[ \t]+=+)+[ \t]*")
_SEPARATOR = re.compile(r" ?\t[ \t]*|  [ \t]*")
_METHODS = re.compile(r"(?:->)?(\w+)(?:\(\))?")
_FOOTNOTE = re.compile(r"\[(#?\w+)\]_")
_MOST_HEADING_LINES = 3

Field = tuple[tuple[int, str], ...]  # words with their columns, single spaces between them


@dataclass(frozen=True, slots=True)
class Cell:
    """What the table says in one column about one method; `text` is "" for a blank cell."""

    column: str
    text: str
    line: int
    footnotes: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The text without references to footnotes."""
        return squeeze(_FOOTNOTE.sub("", self.text))


@dataclass(frozen=True, slots=True)
class Row:
    """One method and its cells, one for each column behind the first."""

    method: str
    line: int
    text: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One table: `columns` are the headings behind the one that stands over the methods."""

    struct: str
    line: int
    last_line: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def is_border(line: str) -> bool:
    """Whether the line is a border of a table with at least two columns."""
    return _BORDER.fullmatch(line) is not None


def read_table(
    lines: Sequence[str], start: int, path: str, struct: str
) -> tuple[RuleTable, tuple[Note, ...], dict[int, str]]:
    """The table whose top border has index `start`, notes on it, and what each of its lines is.

    Raises RuleDocumentError for a table without heading, border, row or method, or whose cells fit no border.
    """
    second, third = _find_borders(lines, start, path)
    headings = [index for index in range(start + 1, second) if lines[index].strip()]
    bodies = [index for index in range(second + 1, third) if lines[index].strip()]
    starts, notes = _column_starts(lines, (start, second, third), headings + bodies, path)
    columns = _headings(lines, headings, starts, path)
    rows: list[Row] = []
    for index in bodies:
        cells, overflow = _split(lines[index], starts)
        if overflow and not cells:
            raise broken(path, index + 1, "a cell runs into the next column", "widen the borders and move the cells")
        notes += [Note(index + 1, "a cell runs past its column")] if overflow else []
        if cells[0]:
            rows += _rows(cells, columns, lines[index], index + 1, path)
        elif rows:
            rows[-1] = _continued(rows[-1], cells, lines[index])
        else:
            raise broken(path, index + 1, "the first row names no method", "write the method's name in it")
    roles = {index + 1: "border" for index in (start, second, third)}
    roles |= {index + 1: "heading" for index in headings} | {index + 1: "row" for index in bodies}
    return RuleTable(struct, start + 1, third + 1, columns, tuple(rows)), tuple(notes), roles


def _find_borders(lines: Sequence[str], start: int, path: str) -> tuple[int, int]:
    """The indices of the border under the headings and of the bottom border."""
    second = next(
        (i for i in range(start + 1, min(start + 2 + _MOST_HEADING_LINES, len(lines))) if is_border(lines[i])), -1
    )
    if second < 0 or not any(line.strip() for line in lines[start + 1 : second]):
        raise broken(
            path, start + 1, "the table has no heading between two borders", "put its column names between two borders"
        )
    for index in range(second + 1, len(lines)):
        if is_border(lines[index]):
            if not any(line.strip() for line in lines[second + 1 : index]):
                raise broken(path, start + 1, "the table has no rows", "remove it or fill it")
            return second, index
        if not lines[index].strip() and not _goes_on(lines, index):
            break
    raise broken(
        path,
        start + 1,
        "the table has no bottom border, or none under its headings",
        "give it three borders like the one at its top",
    )


def _goes_on(lines: Sequence[str], blank: int) -> bool:
    """Whether what follows a blank line still belongs to the table: a border, or a row of a method and a cell."""
    following = next((lines[index] for index in range(blank, len(lines)) if lines[index].strip()), "")
    return is_border(following) or (
        not following.startswith((" ", "\t")) and re.match(r"\w+:?(?:\t| {2,})\s*\S", following) is not None
    )


def _fields(line: str) -> tuple[Field, ...]:
    """The fields of a line: words, each with its column, grouped where more than one blank or a tab separates them."""
    fields: list[Field] = []
    position = 0
    column = 0
    separators = [*_SEPARATOR.finditer(line), None]
    for separator in separators:
        piece = line[position : separator.start() if separator else len(line)]
        words = tuple((column + match.start(), match.group()) for match in re.finditer(r"\S+", piece))
        fields += [words] if words else []
        column += len(piece)
        if separator:
            for character in separator.group():
                column += TAB - column % TAB if character == "\t" else 1
            position = separator.end()
    return tuple(fields)


def _columns(border: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each column of a border."""
    return tuple((column, column + len(word)) for field in _fields(border) for column, word in field)


def _column_starts(
    lines: Sequence[str], borders: tuple[int, int, int], texts: Sequence[int], path: str
) -> tuple[tuple[tuple[int, int], ...], list[Note]]:
    """The columns of the first border that all texts fit, and a note where the borders disagree."""
    candidates = {tuple(start for start, _ in _columns(lines[index])): _columns(lines[index]) for index in borders}
    if len(candidates) == 1:
        return _columns(lines[borders[0]]), []
    for index in borders:
        columns = _columns(lines[index])
        if all(_fits(lines[text], columns) for text in texts):
            return columns, [Note(borders[0] + 1, f"the borders disagree; the columns are those of line {index + 1}")]
    raise broken(
        path,
        borders[0] + 1,
        "the borders of the table disagree and its rows fit none of them",
        f"give lines {', '.join(str(index + 1) for index in borders)} the same columns",
    )


def _fits(line: str, columns: tuple[tuple[int, int], ...]) -> bool:
    """Whether every field begins where a column does, or inside the last one; the first column may be blank."""
    starts = {start for start, _ in columns}
    last = columns[-1][0]
    return not _split(line, columns)[1] and all(field[0][0] in starts or field[0][0] > last for field in _fields(line))


def _split(line: str, columns: tuple[tuple[int, int], ...]) -> tuple[tuple[str, ...], bool]:
    """The text of each column of a line, and whether one runs past its column; no texts where it is unclear which.

    Two cells may stand one blank apart, if the second begins exactly at its column.
    """
    starts = [start for start, _ in columns]
    cells: list[list[str]] = [[] for _ in columns]
    overflow = False
    for field in _fields(line):
        here = _column_of(field[0][0], columns)
        for index, (column, word) in enumerate(field):
            if index and column in starts:
                here = starts.index(column)
            following = starts[here + 1] if here + 1 < len(starts) else None
            overflow = overflow or (following is not None and column + len(word) > following)
            cells[here].append(word)
    if overflow:
        cells = [[word for _, word in field] for field in _behind_the_method(_fields(line))]
        if len(cells) != len(columns):
            return (), True
    return tuple(" ".join(words) for words in cells), overflow


def _behind_the_method(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields with the method (a word, or several behind commas) in one of its own."""
    first = fields[0]
    end = next((index for index, (_, word) in enumerate(first, start=1) if not word.endswith(",")), len(first))
    return (first[:end], *([first[end:]] if first[end:] else []), *fields[1:])


def _column_of(position: int, columns: tuple[tuple[int, int], ...]) -> int:
    """The column that a field at this position belongs to; in the gap before a column it is that column."""
    here = max((index for index, (start, _) in enumerate(columns) if start <= position), default=0)
    in_gap = position >= columns[here][1] and here + 1 < len(columns) and here > 0
    return here + 1 if in_gap else here


def _headings(
    lines: Sequence[str], indices: Sequence[int], columns: tuple[tuple[int, int], ...], path: str
) -> tuple[str, ...]:
    """The heading of each column behind the first."""
    parts = [_split(lines[index], columns)[0] or ("",) * len(columns) for index in indices]
    names = tuple(squeeze(" ".join(part[column] for part in parts)) for column in range(len(columns)))
    for column, name in enumerate(names):
        if not name or names.count(name) > 1:
            what = f"has the heading of another ({name})" if name else "has no heading"
            raise broken(
                path, indices[0] + 1, f"column {column + 1} of the table {what}", "give each column its own heading"
            )
    return names[1:]


def _rows(cells: tuple[str, ...], columns: tuple[str, ...], line: str, number: int, path: str) -> list[Row]:
    """The row, or one for each method where the first column names several."""
    names = [name.strip() for name in re.split(r"[,/]", cells[0].rstrip().removesuffix(":"))]
    matches = [_METHODS.fullmatch(name) for name in names]
    if not all(matches):
        raise broken(
            path, number, f"{cells[0]!r} in the first column is no method", "write the method's name, then its cells"
        )
    text = squeeze(line)
    made = tuple(_cell(column, cell, number) for column, cell in zip(columns, cells[1:], strict=True))
    return [Row(match.group(1), number, text, made) for match in matches if match]


def _cell(column: str, text: str, number: int) -> Cell:
    return Cell(column, text, number, tuple(_FOOTNOTE.findall(text)))


def _continued(row: Row, cells: tuple[str, ...], line: str) -> Row:
    """The row with a line that has a blank first column added to its cells."""
    joined = tuple(
        _cell(cell.column, squeeze(f"{cell.text} {more}"), cell.line)
        for cell, more in zip(row.cells, cells[1:], strict=True)
    )
    return Row(row.method, row.line, squeeze(f"{row.text} {line}"), joined)
