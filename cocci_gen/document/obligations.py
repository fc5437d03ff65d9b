"""RuleDocument -> Reading.

Every cell of every table, every sentence of the prose and every prototype is read: as obligations of some kind, or it
is declined with a reason. What fits neither is `Unread`, shown as such; a test keeps that empty for known documents.
How words are read is data (readings.toml, vocabulary.toml), one entry for all methods and kernels that use these words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.document.readings import Give, Mode, Readings, readings
from cocci_gen.document.tables import Cell, Clause, DocumentSection, Prototype, Row, RuleDocument
from cocci_gen.document.vocabulary import Vocabulary, vocabulary
from cocci_gen.document.words import CellWords, Words, fill

PROSE = "prose"
FOOTNOTE = "footnote"
PROTOTYPES = "prototypes"

#: Kinds that need no semantic patch: `prototypes` compares the document with the headers by itself.
WITHOUT_TEMPLATE = frozenset({"prototype"})

#: Kinds that bind whoever calls the method, wherever that is, and not those who implement it.
ABOUT_CALLERS = frozenset({"callers"})
#: Kinds that bind, with a method, all that it leads to in its folder.
BINDS_HELPERS = frozenset({"gives_back"})

_RECEIVES_A_PAGE = re.compile(r"\b(?:page|folio|readahead_control|vm_fault|kiocb|list_head)\b")


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Where an obligation stands: the row, sentence or prototype of this tree's document, on one line."""

    path: str
    line: int
    quote: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one method owes, or (kind `callers`) what is owed to it.

    `column` is the heading of the cell, or PROSE, FOOTNOTE, PROTOTYPES; `text` the words read. `mode` tells how a lock
    is held (readings.toml lists the modes), `condition` when the obligation holds, `names` the functions or codes that
    it is about.
    """

    struct: str
    method: str
    kind: str
    resource: str
    column: str
    text: str
    source: RuleSource
    mode: Mode = Mode.ANY
    condition: str = ""
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """What is read from a file gives its mode as a word."""
        object.__setattr__(self, "mode", Mode(self.mode))

    @property
    def short(self) -> str:
        """`writepage.unlocks`: the stem of the semantic patch and of the corpus folder."""
        return f"{self.method}.{self.kind}"

    @property
    def id(self) -> str:
        """`address_space_operations.writepage.unlocks`."""
        return f"{self.struct}.{self.short}"


@dataclass(frozen=True, slots=True)
class Declined:
    """Words that bind nobody, and why."""

    struct: str
    method: str
    column: str
    text: str
    source: RuleSource
    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that no reading fits: a new phrase of a newer kernel, most likely."""

    struct: str
    method: str
    column: str
    text: str
    source: RuleSource
    problem: str


Reading = Obligation | Declined | Unread


def read_obligations(
    document: RuleDocument, words: Readings | None = None, names: Vocabulary | None = None
) -> tuple[Reading, ...]:
    """Every cell, sentence and prototype of the document, in its order, as one or more readings."""
    reader = _Reader(document, words or readings(), names or vocabulary())
    found = [reading for section in document.sections for reading in reader.section(section)]
    return tuple(sorted(found, key=lambda reading: reading.source.line))


def obligations(found: Iterable[Reading]) -> tuple[Obligation, ...]:
    """The obligations among readings, each once: a cell goes before the prose that repeats it."""
    chosen: dict[tuple[object, ...], Obligation] = {}
    for reading in found:
        if isinstance(reading, Obligation):
            key = (reading.id, reading.resource, reading.mode, reading.names)
            before = chosen.get(key)
            if before is None or (before.column == PROSE and reading.column != PROSE):
                chosen[key] = reading
    return tuple(chosen.values())


class _Reader:
    """Reads the sections of one document."""

    def __init__(self, document: RuleDocument, words: Readings, names: Vocabulary) -> None:
        self.path = document.path
        self.reasons = words.reasons
        self.words = Words(words, names, document)

    def section(self, section: DocumentSection) -> Iterator[Reading]:
        """The readings of one section: prototypes, then cells, then sentences."""
        if not section.struct:
            yield from self._about_the_document(section)
            return
        for prototype in section.prototypes:
            yield from self._prototype(section, prototype)
        cells = [(row, cell) for table in section.tables for row in table.rows for cell in row.cells]
        own = {id(cell): list(self._cell(section, row, cell)) for row, cell in cells}
        sleepless = {
            one.method
            for found in own.values()
            for one in found
            if isinstance(one, Obligation) and one.kind in ("never_sleeps", "rcu_walk")
        }
        prose = [(clause, list(self._clause(section, clause, sleepless))) for clause in section.clauses]
        for row, cell in cells:
            about = [one for clause, found in prose if row.method in clause.subjects for one in found]
            yield from own[id(cell)]
            yield from self._referred(section, row, cell, own[id(cell)], about)
        for _, found in prose:
            yield from found

    def _about_the_document(self, section: DocumentSection) -> Iterator[Reading]:
        for clause in section.clauses:
            if clause.mentions:
                yield self._unread(section, clause, "a method outside of the section of its structure")
            else:
                yield self._declined(section, clause, "document")

    def _prototype(self, section: DocumentSection, prototype: Prototype) -> Iterator[Reading]:
        source = RuleSource(self.path, prototype.line, prototype.text)
        if not prototype.method:
            problem = ", ".join(prototype.problems)
            yield Unread(section.struct, "", PROTOTYPES, prototype.text, source, problem)
            return
        place = (PROTOTYPES, prototype.text, source)
        yield Obligation(section.struct, prototype.method, "prototype", "", *place)
        for match, give in self.words.prototype(section, prototype):
            resource, names = self.words.resolve(section, prototype.method, "", give, match)
            yield Obligation(
                section.struct, prototype.method, give.kind, resource, *place, give.mode, give.condition, names
            )

    def _cell(self, section: DocumentSection, row: Row, cell: Cell) -> Iterator[Reading]:
        """The readings of a cell by its own words; none for one that only refers to the prose."""
        source = RuleSource(self.path, cell.line, row.text)
        place = (section.struct, row.method, cell.column, cell.text, source)
        if not cell.text:
            yield Declined(*place, self.reasons["blank"])
            return
        read = self.words.cell(section, row, cell)
        if read.problem:
            yield Unread(*place, read.problem)
        if read.decline:
            yield Declined(*place, self.reasons[read.decline])
        if self._gets_no_page(section, row.method, read):
            yield Declined(*place, self.reasons["no_page"])
            return
        for give, resource, names in read.gives:
            condition = " ".join(part for part in (give.condition, *read.conditions) if part)
            yield Obligation(
                section.struct,
                row.method,
                give.kind,
                resource,
                cell.column,
                cell.text,
                source,
                give.mode,
                condition,
                names,
            )

    def _gets_no_page(self, section: DocumentSection, method: str, read: CellWords) -> bool:
        prototype = section.prototype(method)
        if read.meaning != "page" or prototype is None:
            return False
        denies = any(give.mode is Mode.NOT_HELD for give, _, _ in read.gives)
        return denies and not _RECEIVES_A_PAGE.search(" ".join(prototype.parameters))

    def _referred(
        self, section: DocumentSection, row: Row, cell: Cell, own: Collection[Reading], about: Collection[Reading]
    ) -> Iterator[Reading]:
        """What a cell gives that says `(see below)`: the kinds that the prose about its method adds to its own."""
        if not cell.text or not self.words.cell(section, row, cell).refers:
            return
        source = RuleSource(self.path, cell.line, row.text)
        kinds = {one.kind for one in own if isinstance(one, Obligation)}
        found: dict[tuple[str, str, Mode, tuple[str, ...]], str] = {}
        for one in about:
            if isinstance(one, Obligation) and one.kind not in kinds:
                key = (one.kind, one.resource, one.mode, one.names)
                found[key] = min(found.get(key, one.condition), one.condition)  # "" where any sentence has no condition
        for (kind, resource, mode, names), condition in found.items():
            yield Obligation(
                section.struct, row.method, kind, resource, cell.column, cell.text, source, mode, condition, names
            )
        if not own and not found:
            yield Declined(section.struct, row.method, cell.column, cell.text, source, self.reasons["refers"])

    def _clause(self, section: DocumentSection, clause: Clause, sleepless: Collection[str]) -> Iterator[Reading]:
        gives, decline = self.words.clause(section, clause)
        if decline:
            yield self._declined(section, clause, decline)
            return
        count = 0
        for match, give in gives:
            for method in _methods(section, clause, give, match, sleepless):
                count += 1
                yield self._owed(section, clause, method, give, match)
        if not count:
            problem = "no method that it could be about" if gives else "no reading fits"
            yield self._unread(section, clause, problem)

    def _owed(
        self, section: DocumentSection, clause: Clause, method: str, give: Give, match: re.Match[str]
    ) -> Obligation | Declined:
        """The obligation of one method from one clause; a value cannot be owed by a method that returns void."""
        source = RuleSource(self.path, clause.line, clause.text)
        prototype = section.prototype(method)
        if give.kind == "returns" and prototype is not None and prototype.returns == "void":
            return Declined(section.struct, method, _column(clause), clause.text, source, self.reasons["void"])
        resource, names = self.words.resolve(section, method, "", give, match)
        condition = fill(give.condition, match)
        return Obligation(
            section.struct,
            method,
            give.kind,
            resource,
            _column(clause),
            clause.text,
            source,
            give.mode,
            condition,
            names,
        )

    def _declined(self, section: DocumentSection, clause: Clause, reason: str) -> Declined:
        source = RuleSource(self.path, clause.line, clause.text)
        method = ", ".join(clause.subjects)
        return Declined(section.struct, method, _column(clause), clause.text, source, self.reasons[reason])

    def _unread(self, section: DocumentSection, clause: Clause, problem: str) -> Unread:
        source = RuleSource(self.path, clause.line, clause.text)
        method = ", ".join(clause.subjects)
        return Unread(section.struct, method, _column(clause), clause.text, source, problem)


def _column(clause: Clause) -> str:
    return FOOTNOTE if clause.footnote else PROSE


def _methods(
    section: DocumentSection, clause: Clause, give: Give, match: re.Match[str], sleepless: Collection[str]
) -> tuple[str, ...]:
    """The methods that a sentence binds by one of its gives."""
    named = re.findall(r"\w+", match.groupdict().get("names") or "")
    named = [method for method in named if method in section.methods]
    if give.scope == "named":
        return tuple(named)
    if give.scope in ("all", "others"):
        return tuple(method for method in section.methods if method not in named and method not in sleepless)
    return section.methods if give.scope == "every" else clause.subjects
