"""Difference -> Edit of locking.rst, where no word of it has to be invented.

Types, names and what is gone can be taken from the headers. Which locks the VFS holds cannot: a method that the document
does not mention, or has no row for, is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cocci_gen.document.declarations import Prototype, read_prototypes
from cocci_gen.document.tables import DocumentSection, Row, RuleDocument, RuleTable
from cocci_gen.findings.findings import Edit, FixDoesNotApply, NoFix, apply_edits, split_lines
from cocci_gen.kinds.prototype.differences import Difference, DifferenceSort

_COLUMNS = 80
_TAB = 8
_INDENT = "\t"
_CONTINUED = "\t\t\t"

_LOCKS = "which locks its caller holds stands in no header; somebody who knows has to write it down"
_LEFT_TO_PEOPLE = {
    DifferenceSort.MISSING: _LOCKS,
    DifferenceSort.NO_ROW: _LOCKS,
    DifferenceSort.NO_STRUCT: "the whole section has lost its subject",
}

DocumentRepair = tuple[Edit, ...] | NoFix


def repairs(text: bytes, document: RuleDocument, found: Sequence[Difference]) -> dict[Difference, DocumentRepair]:
    """For each difference the edits of `text` (the document's) that mend its whole section, or why there are none.

    Prototypes stand on lines side by side, so the differences of one section are mended together.
    """
    made: dict[Difference, DocumentRepair] = {}
    for section in document.sections:
        here = [one for one in found if section.struct and one.struct == section.struct]
        repair = _Repair(text, document, section)
        reasons = {one: repair.obstacle(one) for one in here}
        fixable = [one for one in here if not reasons[one]]
        edits = tuple(sorted(repair.edits(fixable), key=lambda edit: (edit.line, len(edit.old)))) if fixable else ()
        problem = _unusable(text, edits)
        for one in here:
            reason = reasons[one] or problem
            made[one] = NoFix(reason) if reason else edits
    return made


def _unusable(text: bytes, edits: tuple[Edit, ...]) -> str:
    try:
        apply_edits(text, edits)
    except FixDoesNotApply as error:
        return f"the edits of the section do not fit together: {error}"
    return ""


class _Repair:
    """Makes the edits of one section."""

    def __init__(self, text: bytes, document: RuleDocument, section: DocumentSection) -> None:
        self.lines = split_lines(text)
        self.document = document
        self.section = section
        self.rows: Mapping[str, tuple[RuleTable, Row]] = {
            row.method: (table, row) for table in section.tables for row in table.rows
        }

    def obstacle(self, one: Difference) -> str:
        """Why a difference cannot be mended without a person; "" where it can."""
        if one.what in _LEFT_TO_PEOPLE:
            return _LEFT_TO_PEOPLE[one.what]
        if one.what in (DifferenceSort.GONE, DifferenceSort.MOVED):
            for clause in self.section.clauses:
                if one.method in clause.subjects or one.method in clause.mentions:
                    return (
                        f"line {clause.line} speaks of the method; somebody has to decide what becomes of the sentence"
                    )
            if self.rows and len(self.rows) == 1 and one.method in self.rows:
                return "it is the only row of its table; somebody has to decide what becomes of the section"
        if one.what is DifferenceSort.NO_PROTOTYPE and not self.section.prototypes:
            return "its section has no prototypes to put it between"
        if one.what is DifferenceSort.RENAMED and one.method in self.rows and not self._renamed_row(one):
            return "the new name does not fit into the first column of the table"
        return ""

    def edits(self, found: Sequence[Difference]) -> Iterator[Edit]:
        """The edits that mend these differences."""
        for one in found:
            prototype = self.section.prototype(one.method)
            row = self.rows.get(one.method)
            match one.what:
                case DifferenceSort.SIGNATURE | DifferenceSort.RENAMED if prototype is not None:
                    yield self._replace(prototype.line, prototype.last_line, self._as_defined(one, prototype))
                case DifferenceSort.SYNTAX if prototype is not None:
                    yield self._replace(prototype.line, prototype.last_line, _rendered(prototype, prototype))
                case DifferenceSort.GONE | DifferenceSort.MOVED if prototype is not None:
                    yield self._replace(prototype.line, prototype.last_line, ())
                case DifferenceSort.NO_PROTOTYPE:
                    yield self._insert_prototype(one)
            if row is not None and one.what in (DifferenceSort.GONE, DifferenceSort.MOVED):
                yield self._replace(row[1].line, row[1].line, ())
            if one.what is DifferenceSort.RENAMED:
                yield from self._renamed_words(one)
        yield from self._new_sections([one for one in found if one.what is DifferenceSort.MOVED])

    def _replace(self, first: int, last: int, new: Sequence[str]) -> Edit:
        return Edit(first, tuple(self.lines[first - 1 : last]), tuple(f"{line}\n".encode() for line in new))

    def _as_defined(self, one: Difference, documented: Prototype | None) -> tuple[str, ...]:
        """The prototype of the header in the layout of the document, with the document's comment."""
        (defined,) = read_prototypes([one.defined.text], one.defined.line)
        return _rendered(defined, documented)

    def _insert_prototype(self, one: Difference) -> Edit:
        """A prototype behind that of the nearest row above, else in front of all."""
        methods = list(self.rows)
        above = reversed(methods[: methods.index(one.method)])
        before = next((found for name in above if (found := self.section.prototype(name)) is not None), None)
        line = before.last_line + 1 if before else self.section.prototypes[0].line
        return Edit(line, (), tuple(f"{text}\n".encode() for text in self._as_defined(one, None)))

    def _renamed_row(self, one: Difference) -> str:
        """The row with the new name, its cells where they were; "" where the name is too long."""
        line = self.lines[self.rows[one.method][1].line - 1].decode("utf-8", "surrogateescape").rstrip("\r\n")
        match = re.fullmatch(rf"(\s*{re.escape(one.method)})(:?)([ \t]*)(.*)", line)
        if match is None:
            return ""
        target = len(line[: match.start(4)].expandtabs(_TAB))
        name = match.group(1).replace(one.method, one.other) + match.group(2)
        if match.group(4) and len(name.expandtabs(_TAB)) >= target:
            return ""
        return name + _padding(len(name.expandtabs(_TAB)), target, tabs="\t" in match.group(3)) + match.group(4)

    def _renamed_words(self, one: Difference) -> Iterator[Edit]:
        """The row and the sentences with the new name."""
        if one.method in self.rows:
            line = self.rows[one.method][1].line
            yield self._replace(line, line, (self._renamed_row(one),))
        word = re.compile(rb"\b" + re.escape(one.method.encode()) + rb"\b")
        spoken = {line for clause in self.section.clauses for line in range(clause.line, clause.last_line + 1)}
        for line in sorted(spoken):
            old = self.lines[line - 1]
            new = word.sub(one.other.encode(), old)
            if new != old:
                yield Edit(line, (old,), (new,))

    def _new_sections(self, moved: Sequence[Difference]) -> Iterator[Edit]:
        """A section of its own, behind this one, for each structure that methods have moved to."""
        sections = [section.line for section in self.document.sections if section.line > self.section.line]
        line = min(sections, default=len(self.lines) + 1)
        for struct in dict.fromkeys(one.other for one in moved):
            found = [one for one in moved if one.other == struct]
            new = "\n".join(self._new_section(struct, found)) + "\n"
            yield Edit(line, (), tuple(split_lines(new.encode("utf-8", "surrogateescape"))))

    def _new_section(self, struct: str, found: Sequence[Difference]) -> Iterator[str]:
        """Title, prototypes, and the rows that moved, under the heading of their table."""
        yield from (struct, "=" * len(struct), "", "prototypes::", "")
        for one in found:
            yield from self._as_defined(one, self.section.prototype(one.method))
        yield from ("", "locking rules:", "")
        for table in self.section.tables:
            rows = [row for row in table.rows if row.method in {one.method for one in found}]
            if rows:
                head = range(table.line, min(row.line for row in table.rows))
                yield from self._raw([*head, *(row.line for row in rows), table.last_line])
                yield ""

    def _raw(self, numbers: Sequence[int]) -> Iterator[str]:
        for number in numbers:
            yield self.lines[number - 1].decode("utf-8", "surrogateescape").rstrip("\r\n")


def _rendered(prototype: Prototype, documented: Prototype | None) -> tuple[str, ...]:
    """A prototype as lines of the document, broken at the commas; spacing and comment are those of the documented one."""
    spaced = " " if documented is not None and re.search(r"\(\s*\*\s*\w+\s*\)\s+\(", documented.text) else ""
    returns = prototype.returns if prototype.returns.endswith("*") else f"{prototype.returns} "
    comment = f" /* {documented.comment} */" if documented is not None and documented.comment else ""
    parts = [f"{part}," for part in prototype.parameters[:-1]] + [
        f"{(prototype.parameters or ('void',))[-1]});{comment}"
    ]
    lines = [f"{_INDENT}{returns}(*{prototype.method}){spaced}({parts[0]}"]
    for part in parts[1:]:
        if len(f"{lines[-1]} {part}".expandtabs(_TAB)) <= _COLUMNS:
            lines[-1] += f" {part}"
        else:
            lines.append(_CONTINUED + part)
    return tuple(lines)


def _padding(start: int, target: int, *, tabs: bool) -> str:
    """Blanks from one column to another, in tabs where they fit."""
    padding = ""
    column = start
    while tabs and (column // _TAB + 1) * _TAB <= target:
        padding += "\t"
        column = (column // _TAB + 1) * _TAB
    return padding + " " * (target - column)
