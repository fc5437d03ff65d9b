"""locking.rst -> RuleDocument.

The document is a list of sections, one for each operations structure: its prototypes, its tables and its prose,
everything with its line. Every line that is not blank is claimed by exactly one of them; `read_document` refuses a
document in which one is left over, so nothing is ever dropped in silence.

    dentry_operations                       section title
    =================
    prototypes::                            label
            int (*d_hash)(...);             prototype
    locking rules:                          label
    ====== =========                        table: border, heading, row
    ->mount() returns ERR_PTR or ...        prose: one clause for each sentence
    .. [1]:                                 footnote
    .. anything else                        comment
    --------                                transition: what follows belongs to no structure
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.document.declarations import Prototype, read_prototypes
from cocci_gen.document.grids import Cell, Row, RuleTable, is_border, read_table
from cocci_gen.document.lines import Note, broken, read_lines
from cocci_gen.document.prose import Clause, read_clauses

__all__ = [
    "Cell",
    "Clause",
    "DocumentSection",
    "Note",
    "Prototype",
    "Row",
    "RuleDocument",
    "RuleTable",
    "read_document",
]

#: Where the document lies in a kernel tree.
LOCKING_RST = "Documentation/filesystems/locking.rst"

_ADORNMENT = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}[ \t]*")
_LABEL = re.compile(r"\s*(?:locking rules|prototypes)\s*::?\s*", re.IGNORECASE)
_PROTOTYPES = re.compile(r"\s*prototypes\s*::?\s*", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\.\. \[(#?\w+)\]:?(?:\s+(?P<text>\S.*))?\s*")
_ADMONITION = re.compile(r"\.\. (?:note|warning|caution|important|attention|tip|hint)::(?:\s+(?P<text>\S.*))?\s*")
_EXPLICIT = re.compile(r"\.\.(?:\s|$)")
_GRID_TABLE = re.compile(r"\s*\+(?:[-=]+\+)+\s*")
_STRUCT = re.compile(r"(?:struct\s+)?(\w+)(?:\s+operations)?")


@dataclass(frozen=True, slots=True)
class DocumentSection:
    """What the document says about one structure; `struct` is "" where a section is about none."""

    title: str
    struct: str
    line: int
    prototypes: tuple[Prototype, ...]
    tables: tuple[RuleTable, ...]
    clauses: tuple[Clause, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method that has a prototype or a row, in the order of the document."""
        names = [prototype.method for prototype in self.prototypes if prototype.method]
        names += [row.method for table in self.tables for row in table.rows]
        return tuple(dict.fromkeys(names))

    def prototype(self, method: str) -> Prototype | None:
        """The prototype of a method, if the section has one."""
        return next((prototype for prototype in self.prototypes if prototype.method == method), None)


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """A whole locking.rst; `roles` tells for each line that is not blank what it was taken for."""

    path: str
    lines: int
    sections: tuple[DocumentSection, ...]
    roles: Mapping[int, str]
    notes: tuple[Note, ...]

    def section(self, struct: str) -> DocumentSection | None:
        """The section about a structure, if there is one."""
        return next((section for section in self.sections if section.struct == struct), None)


@dataclass
class _Parts:
    """A section while it is being read; the paragraphs become clauses when all of its methods are known."""

    title: str
    line: int
    prototypes: list[Prototype] = field(default_factory=list)
    tables: list[RuleTable] = field(default_factory=list)
    paragraphs: list[tuple[tuple[str, ...], int, str]] = field(default_factory=list)


def read_document(text: bytes, path: str) -> RuleDocument:
    """The document in `text`; `path` names it in messages.

    Raises RuleDocumentError, with line and way out, for text that is none, for a broken table, and for a document
    without any prototypes or table.
    """
    lines, repairs = read_lines(text, path)
    reader = _Reader(lines, path, list(repairs))
    reader.read()
    sections = tuple(_section(parts) for parts in reader.sections if parts.title or parts.paragraphs)
    if not any(section.prototypes or section.tables for section in sections):
        raise broken(path, 1, "no prototypes block and no table in it", f"give a {LOCKING_RST} of Linux 5.3 or later")
    for number, line in enumerate(lines, start=1):
        if line.strip() and number not in reader.roles:
            raise broken(path, number, "the line fits nowhere", "this is a fault of cocci-gen; please report it")
    notes = tuple(sorted(reader.notes, key=lambda note: note.line))
    return RuleDocument(path, len(lines) - (not lines[-1]), sections, reader.roles, notes)


class _Reader:
    """Walks over the lines; each `_read_...` takes the index it begins at and returns the first one it leaves."""

    def __init__(self, lines: Sequence[str], path: str, notes: list[Note]) -> None:
        self.lines = lines
        self.path = path
        self.notes = notes
        self.roles: dict[int, str] = {}
        self.sections = [_Parts("", 1)]

    def read(self) -> None:
        index = 0
        while index < len(self.lines):
            index = self._read_block(index) if self.lines[index].strip() else index + 1

    def _read_block(self, index: int) -> int:
        line = self.lines[index]
        if _GRID_TABLE.fullmatch(line):
            raise broken(self.path, index + 1, "a grid table", "write it as a simple table, like the others")
        for matches, reader in (
            (is_border(line), self._read_table),
            (self._title_at(index) >= 0, self._read_title),
            (_ADORNMENT.fullmatch(line) is not None, self._read_transition),
            (_PROTOTYPES.fullmatch(line) is not None, self._read_prototypes),
            (_LABEL.fullmatch(line) is not None, self._read_label),
            (_EXPLICIT.match(line) is not None, self._read_explicit),
        ):
            if matches:
                return reader(index)
        return self._read_paragraph(index)

    def _claim(self, start: int, end: int, role: str) -> None:
        for index in range(start, end):
            if self.lines[index].strip():
                self.roles[index + 1] = role

    def _title_at(self, index: int) -> int:
        """The index of the title's text, where a title begins at `index`; else -1."""
        lines = [*self.lines[index : index + 3], "", "", ""]
        adorned = [_ADORNMENT.fullmatch(line) for line in lines]
        if adorned[0] and adorned[2] and lines[0].strip() == lines[2].strip() and lines[1].strip() and not adorned[1]:
            return index + 1
        underlined = adorned[1] and not adorned[0] and re.match(r"\w", lines[0])
        return index if underlined and len(lines[1].strip()) >= min(4, len(lines[0].strip())) else -1

    def _read_title(self, index: int) -> int:
        text = self._title_at(index)
        self.sections.append(_Parts(self.lines[text].strip(), text + 1))
        self._claim(index, text + 2, "title")
        return text + 2

    def _read_transition(self, index: int) -> int:
        if index + 1 < len(self.lines) and self.lines[index + 1].strip():
            raise broken(self.path, index + 1, "a border without a table", "complete the table or the title around it")
        self.sections.append(_Parts("", index + 1))
        self._claim(index, index + 1, "transition")
        return index + 1

    def _read_table(self, index: int) -> int:
        struct = _struct_of(self.sections[-1].title)
        table, notes, roles = read_table(self.lines, index, self.path, struct)
        self.sections[-1].tables.append(table)
        self.notes += notes
        self.roles |= roles
        return table.last_line

    def _read_prototypes(self, index: int) -> int:
        end = self._indented_until(index + 1)
        prototypes = read_prototypes(self.lines[index + 1 : end], index + 2)
        self.sections[-1].prototypes += prototypes
        self.notes += [
            Note(prototype.line, f"prototype of {prototype.method or '?'}: {problem}")
            for prototype in prototypes
            for problem in prototype.problems
        ]
        self._claim(index, index + 1, "label")
        self._claim(index + 1, end, "prototype")
        return end

    def _read_label(self, index: int) -> int:
        self._claim(index, index + 1, "label")
        return index + 1

    def _read_explicit(self, index: int) -> int:
        """A footnote or an admonition is prose; any other explicit markup (a comment, an index entry) says nothing."""
        end = self._indented_until(index + 1)
        footnote = _FOOTNOTE.fullmatch(self.lines[index])
        prose = footnote or _ADMONITION.fullmatch(self.lines[index])
        if prose:
            role = "footnote" if footnote else "prose"
            body = (prose["text"] or "", *self.lines[index + 1 : end])
            for start, stop in _paragraphs(body):
                self._add_paragraph(body[start:stop], index + 1 + start, footnote.group(1) if footnote else "")
            self._claim(index, end, role)
        else:
            self._claim(index, end, "comment")
        return end

    def _read_paragraph(self, index: int) -> int:
        end = index + 1
        while end < len(self.lines) and self.lines[end].strip() and not self._interrupts(end):
            end += 1
        self._add_paragraph(tuple(self.lines[index:end]), index + 1, "")
        self._claim(index, end, "prose")
        return end

    def _interrupts(self, index: int) -> bool:
        line = self.lines[index]
        return is_border(line) or _LABEL.fullmatch(line) is not None or self._title_at(index) >= 0

    def _add_paragraph(self, lines: tuple[str, ...], first: int, footnote: str) -> None:
        self.sections[-1].paragraphs.append((lines, first, footnote))

    def _indented_until(self, index: int) -> int:
        """The index behind the indented block that begins at `index`, trailing blank lines left out."""
        end = index
        for here in range(index, len(self.lines)):
            line = self.lines[here]
            if line.strip():
                if not line.startswith((" ", "\t")):
                    break
                end = here + 1
        return end


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First index and the one behind the last of each run of lines that are not blank."""
    start = -1
    for index, line in enumerate([*lines, ""]):
        if line.strip() and start < 0:
            start = index
        elif not line.strip() and start >= 0:
            yield start, index
            start = -1


def _struct_of(title: str) -> str:
    """The structure that a title names: `xattr_handler operations` is about struct xattr_handler."""
    match = _STRUCT.fullmatch(title.strip())
    return match.group(1) if match else ""


def _section(parts: _Parts) -> DocumentSection:
    struct = _struct_of(parts.title) if parts.prototypes or parts.tables else ""
    bare = DocumentSection(parts.title, struct, parts.line, tuple(parts.prototypes), tuple(parts.tables), ())
    clauses: list[Clause] = []
    subjects: tuple[str, ...] = bare.methods if len(bare.methods) == 1 else ()
    for lines, first, footnote in parts.paragraphs:
        found = read_clauses(lines, first, bare.methods, subjects, footnote)
        clauses += found
        subjects = found[-1].subjects if found and not footnote else subjects
    return DocumentSection(bare.title, struct, bare.line, bare.prototypes, bare.tables, tuple(clauses))
