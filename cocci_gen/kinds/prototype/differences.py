"""RuleDocument x headers -> Difference, where locking.rst and the kernel disagree about methods.

The document describes structures that headers define. A method that one of them lacks, another signature, a row without a
prototype: each is one difference, true of this tree, with both places. What can be said of each without guessing is made
into an edit of the document by `prototype_edits`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from cocci_gen.document.declarations import Prototype, in_pages
from cocci_gen.document.tables import DocumentSection, Row, RuleDocument
from cocci_gen.facts.tree.headers import StructDefinition

#: How alike two names of one method are at least, and by how much more than any other name.
_ALIKE = 0.6
_AHEAD = 0.1


class DifferenceSort(StrEnum):
    """The ways in which document and header can disagree."""

    SIGNATURE = "signature"  # the header has other types
    SYNTAX = "syntax"  # the prototype of the document is no C
    RENAMED = "renamed"  # the header has it under another name
    MOVED = "moved"  # another structure has it now
    GONE = "gone"  # no structure has it any more
    NO_PROTOTYPE = "no prototype"  # it has a row, and no prototype
    NO_ROW = "no row"  # it has a prototype, and its section a table, but no row
    MISSING = "missing"  # the document does not mention it
    NO_STRUCT = "no structure"  # the whole structure is gone


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """A line of a file, and what stands there on one line."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement about one method.

    `documented` is the prototype or row (the title, where the document has neither), `defined` the prototype or structure
    in the header. `other` is the new name (RENAMED) or the structure that has the method now (MOVED).
    """

    struct: str
    method: str
    what: DifferenceSort
    documented: DocumentPlace
    defined: DocumentPlace
    other: str

    @property
    def message(self) -> str:
        """The difference as one sentence."""
        name = f"->{self.method}() of struct {self.struct}"
        match self.what:
            case DifferenceSort.SIGNATURE:
                return f"the prototype of {name} differs from {self.defined.path}:{self.defined.line}"
            case DifferenceSort.SYNTAX:
                return f"the prototype of {name} is no valid C"
            case DifferenceSort.RENAMED:
                return f"{name} is called ->{self.other}() in {self.defined.path}:{self.defined.line}"
            case DifferenceSort.MOVED:
                return f"{name} has moved to struct {self.other} ({self.defined.path}:{self.defined.line})"
            case DifferenceSort.GONE:
                return f"{name} is not in the structure any more ({self.defined.path}:{self.defined.line})"
            case DifferenceSort.NO_PROTOTYPE:
                return f"{name} has a row and no prototype"
            case DifferenceSort.NO_ROW:
                return f"{name} has a prototype and no row"
            case DifferenceSort.MISSING:
                return f"{name} ({self.defined.path}:{self.defined.line}) is not documented"
            case DifferenceSort.NO_STRUCT:
                return f"no header defines struct {self.struct}"


Structs = Mapping[str, Sequence[StructDefinition]]


def differences(document: RuleDocument, structs: Structs) -> tuple[Difference, ...]:
    """Every difference, by line of the document. A structure that several headers define is not judged."""
    found: list[Difference] = []
    for section in document.sections:
        defined = structs.get(section.struct, ())
        if section.struct and not defined:
            title = DocumentPlace(document.path, section.line, section.title)
            found.append(Difference(section.struct, "", DifferenceSort.NO_STRUCT, title, DocumentPlace("", 0, ""), ""))
        elif len(defined) == 1:
            found += _Comparison(document, section, defined[0], structs).differences()
    return tuple(sorted(found, key=lambda one: (one.documented.line, one.defined.line)))


class _Comparison:
    """One section of the document beside the structure that it describes."""

    def __init__(
        self, document: RuleDocument, section: DocumentSection, struct: StructDefinition, structs: Structs
    ) -> None:
        self.document = document
        self.section = section
        self.struct = struct
        self.structs = structs
        self.rows: dict[str, Row] = {row.method: row for table in section.tables for row in table.rows}
        self.renamed = self._renamed()

    def differences(self) -> Iterator[Difference]:
        """The differences of this section."""
        for prototype in self.section.prototypes:
            if prototype.method:
                yield from self._documented(prototype)
        for method, row in self.rows.items():
            if self.section.prototype(method) is None:
                yield from self._row_only(method, row)
        known = {*self.section.methods, *self.renamed.values()}
        if self._is_about_methods:
            for method in self.struct.names:
                if method not in known:
                    title = self._place(self.section.line, self.section.title)
                    yield self._difference(method, DifferenceSort.MISSING, title, self._defined(method))

    @property
    def _is_about_methods(self) -> bool:
        """A structure of data with one callback (struct buffer_head) is not described as a whole."""
        return len(self.struct.names) > 1 or len(self.section.methods) > 1

    def _documented(self, prototype: Prototype) -> Iterator[Difference]:
        """The differences of a method that has a prototype."""
        method = prototype.method
        here = self._place(prototype.line, prototype.text)
        known = self.struct.prototypes(method)
        if not known:
            yield from self._absent(method, here)
            return
        if all(prototype.signature != one.signature for one in known):
            yield self._difference(method, DifferenceSort.SIGNATURE, here, self._defined(method))
        elif prototype.problems:
            yield self._difference(method, DifferenceSort.SYNTAX, here, self._defined(method))
        if self.rows and method not in self.rows:
            yield self._difference(method, DifferenceSort.NO_ROW, here, self._defined(method))

    def _row_only(self, method: str, row: Row) -> Iterator[Difference]:
        here = self._place(row.line, row.text)
        if method in self.renamed.values():
            return  # it has a prototype, under another name
        if method in self.struct.names:
            yield self._difference(method, DifferenceSort.NO_PROTOTYPE, here, self._defined(method))
        else:
            yield from self._absent(method, here)

    def _absent(self, method: str, here: DocumentPlace) -> Iterator[Difference]:
        """A method that the structure does not have: renamed, moved, or gone; a word that some other member has may be it."""
        if method in self.struct.others:
            return
        if method in self.renamed:
            name = self.renamed[method]
            yield self._difference(method, DifferenceSort.RENAMED, here, self._defined(name), name)
            return
        owner = self._owner(method)
        if owner is not None:
            (prototype, *_) = owner.prototypes(method)
            there = DocumentPlace(owner.path, prototype.line, prototype.text)
            yield self._difference(method, DifferenceSort.MOVED, here, there, owner.name)
            return
        there = DocumentPlace(self.struct.path, self.struct.line, f"struct {self.struct.name}")
        yield self._difference(method, DifferenceSort.GONE, here, there)

    def _owner(self, method: str) -> StructDefinition | None:
        """The one structure of the same header, with no section of its own, that has the method now."""
        owners = [
            one
            for name, found in self.structs.items()
            for one in found
            if len(found) == 1 and self.document.section(name) is None and one.path == self.struct.path
            if one.prototypes(method)
        ]
        return owners[0] if len(owners) == 1 else None

    def _renamed(self) -> dict[str, str]:
        """Documented -> defined name, where a method without a prototype has the same types and by far the most similar name.

        A defined name that has a row is only what the prototype should be called, so only for a prototype without a row.
        """
        section = self.section
        gone = [one for one in section.prototypes if one.method and one.method not in self.struct.names]
        fresh = [name for name in self.struct.names if section.prototype(name) is None]
        renamed: dict[str, str] = {}
        for prototype in gone:
            names = [name for name in fresh if name not in self.rows or prototype.method not in self.rows]
            alike = sorted(
                ((_alike(prototype, name), name) for name in names if self._same(prototype, name)), reverse=True
            )
            second = alike[1][0] if len(alike) > 1 else 0.0
            if alike and alike[0][0] >= max(_ALIKE, second + _AHEAD):
                renamed[prototype.method] = alike[0][1]
        return {method: name for method, name in renamed.items() if list(renamed.values()).count(name) == 1}

    def _same(self, prototype: Prototype, name: str) -> bool:
        """Whether a defined method has the types of the documented one, a page being a folio."""
        types = [one.signature for one in self.struct.prototypes(name)]
        return prototype.signature.replace("page", "folio") in [one.replace("page", "folio") for one in types]

    def _place(self, line: int, text: str) -> DocumentPlace:
        return DocumentPlace(self.document.path, line, text)

    def _defined(self, method: str) -> DocumentPlace:
        (prototype, *_) = self.struct.prototypes(method)
        return DocumentPlace(self.struct.path, prototype.line, prototype.text)

    def _difference(
        self, method: str, what: DifferenceSort, here: DocumentPlace, there: DocumentPlace, other: str = ""
    ) -> Difference:
        return Difference(self.section.struct, method, what, here, there, other)


def _alike(prototype: Prototype, name: str) -> float:
    """How similar two names are, from 0 to 1, a folio being a page."""
    return SequenceMatcher(None, in_pages(prototype.method), in_pages(name), autojunk=False).ratio()
