"""Words of a cell or a sentence -> what they give, by readings and vocabulary.

exclusive (both)(see below)     the words `exclusive`, and two notes that narrow it or refer to the prose
(namespace_sem)                 no words, and a note that gives something by itself
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cocci_gen.document.lines import LONGEST_SENTENCE, squeeze
from cocci_gen.document.readings import Give, NoteReading, Readings
from cocci_gen.document.tables import Cell, Clause, DocumentSection, Prototype, Row, RuleDocument
from cocci_gen.document.vocabulary import Vocabulary

_NOTE = re.compile(r"\(([^()]*)\)")
_FOLIO = re.compile(r"\bstruct folio\b")
_PAGE = re.compile(r"\bstruct page\b")

Given = tuple[Give, str, tuple[str, ...]]  # with its resource and names resolved


@dataclass(frozen=True, slots=True)
class CellWords:
    """What a cell gives by itself; `problem` tells what of it could not be read ("" for nothing)."""

    meaning: str
    gives: tuple[Given, ...]
    conditions: tuple[str, ...]
    refers: bool
    decline: str
    problem: str


class Words:
    """The readings of one document, whose tables decide whether `page` means a page or a folio."""

    def __init__(self, readings: Readings, vocabulary: Vocabulary, document: RuleDocument) -> None:
        """Keep what the readings of every section need."""
        self.readings = readings
        self.vocabulary = vocabulary
        self.document = document

    def cell(self, section: DocumentSection, row: Row, cell: Cell) -> CellWords:
        """The reading of a cell that is not blank; `refers` when it also means the prose about its method."""
        meaning, resource = self.column(cell.column, section, row.method)
        if not meaning:
            return CellWords("", (), (), False, "", f"the column {cell.column!r} is in no vocabulary")
        base = squeeze(_NOTE.sub(" ", cell.plain))
        notes = [squeeze(note) for note in _NOTE.findall(cell.plain)]
        gives: list[Given] = []
        decline = ""
        problems: list[str] = []
        if base:
            gives, decline, problem = self._base(section, row, cell, base)
            problems += [problem] if problem else []
        conditions = []
        refers = False
        for note in notes:
            found = self._note(note)
            if found is None:
                problems.append(f"the note ({note}) fits no reading")
                continue
            reading, match = found
            conditions += [note] if reading.condition else []
            refers = refers or reading.refers
            gives += [(give, *self.resolve(section, row.method, resource, give, match)) for give in reading.gives]
        return CellWords(meaning, tuple(gives), tuple(conditions), refers, decline, "; ".join(problems))

    def _base(self, section: DocumentSection, row: Row, cell: Cell, base: str) -> tuple[list[Given], str, str]:
        meaning, resource = self.column(cell.column, section, row.method)
        for reading in self.readings.cells:
            match = reading.text.fullmatch(base)
            if match and reading.column == meaning and self._row_fits(reading.row_may_block, section, row):
                gives = [(give, *self.resolve(section, row.method, resource, give, match)) for give in reading.gives]
                return gives, reading.decline, ""
        return [], "", f"{base!r} fits no reading of a {meaning} column"

    def _row_fits(self, may_block: str, section: DocumentSection, row: Row) -> bool:
        """Whether the row says this about blocking ("" asks nothing)."""
        said = [cell.plain for cell in row.cells if self.column(cell.column, section, row.method)[0] == "may_block"]
        return not may_block or said == [may_block]

    def _note(self, note: str) -> tuple[NoteReading, re.Match[str]] | None:
        for reading in self.readings.notes:
            match = reading.text.fullmatch(note)
            if match:
                return reading, match
        return None

    def column(self, heading: str, section: DocumentSection, method: str) -> tuple[str, str]:
        """Meaning and resource of a column for one method; "" for a heading that nobody knows."""
        for reading in self.readings.columns:
            if reading.heading.fullmatch(heading):
                return reading.meaning, reading.resource
        resource = self.vocabulary.named(heading)
        if resource is None:
            return "", ""
        if resource.name in ("page", "folio"):
            return "page", self.page(section, method)
        return ("page" if resource.family.name == "page" else "lock"), resource.name

    def page(self, section: DocumentSection, method: str) -> str:
        """`page` or `folio`: what the method receives, else what its section, else what the document speaks of."""
        prototype = section.prototype(method)
        parameters = " ".join(prototype.parameters) if prototype else ""
        for pattern, name in ((_FOLIO, "folio"), (_PAGE, "page")):
            if pattern.search(parameters):
                return name
        return self._page_of([section]) or self._page_of(self.document.sections) or "page"

    def _page_of(self, sections: Collection[DocumentSection]) -> str:
        headings = [name for section in sections for table in section.tables for name in table.columns]
        named = [resource.name for heading in headings if (resource := self.vocabulary.named(heading)) is not None]
        return next((name for name in named if name in ("page", "folio")), "")

    def prototype(self, section: DocumentSection, prototype: Prototype) -> list[tuple[re.Match[str], Give]]:
        """All gives whose words are in the types of a prototype."""
        gives: list[tuple[re.Match[str], Give]] = []
        for reading in self.readings.prototypes:
            match = reading.text.search(prototype.signature)
            if match and reading.struct in ("", section.struct):
                gives += [(match, give) for give in reading.gives]
        return gives

    def clause(self, section: DocumentSection, clause: Clause) -> tuple[list[tuple[re.Match[str], Give]], str]:
        """All gives whose words are in the sentence; or the reason to decline it; or neither (as for one without an end)."""
        if len(clause.text) > LONGEST_SENTENCE:
            return [], ""
        gives: list[tuple[re.Match[str], Give]] = []
        declines: list[str] = []
        for reading in self.readings.clauses:
            match = reading.text.search(clause.text)
            if match is None or (reading.struct and reading.struct != section.struct):
                continue
            if reading.overrides:
                return [], reading.decline
            gives += [(match, give) for give in reading.gives]
            declines += [reading.decline] if reading.decline else []
        return gives, declines[0] if declines and not gives else ""

    def resolve(
        self, section: DocumentSection, method: str, column: str, give: Give, match: re.Match[str]
    ) -> tuple[str, tuple[str, ...]]:
        """Resource and names of a give, with what stands in braces filled from the words."""
        resource = give.resource
        if resource == "page":
            resource = self.page(section, method)
        elif resource == "{column}":
            resource = column
        elif resource == "{row}":
            resource = self._lock_of_row(section, method)
        elif resource.startswith("{"):
            words = match.groupdict().get(resource.strip("{}")) or ""
            named = self.vocabulary.named(words)
            resource = named.name if named else words
        names: list[str] = list(give.by_method.get(method, ()))
        for name in give.names:
            if name == "{calls}":
                names += _called(match)
            elif name == "{take}":
                names += self.vocabulary.resources[resource].calls.take
            elif name == "{take_shared}":
                names += self.vocabulary.resources[resource].calls.take_shared
            else:
                names.append(name)
        return resource, tuple(names)

    def _lock_of_row(self, section: DocumentSection, method: str) -> str:
        rows = [row for table in section.tables for row in table.rows if row.method == method]
        columns = [self.column(cell.column, section, method) for row in rows for cell in row.cells]
        return next((resource for meaning, resource in columns if meaning == "lock"), "")


def _called(match: re.Match[str]) -> list[str]:
    """The functions (or codes) in the groups `calls...` of a match."""
    words = " ".join(text for name, text in match.groupdict().items() if name.startswith("calls") and text)
    return re.findall(r"(\w+)\(\)", words) or re.findall(r"\w+", words)


def fill(text: str, match: re.Match[str]) -> str:
    """A condition with `{condition}` replaced by what the words say."""
    return text.replace("{condition}", match.groupdict().get("condition") or "")
