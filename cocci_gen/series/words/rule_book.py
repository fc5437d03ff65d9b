"""Obligation -> RuleWords.

The rule of this tree as a message quotes it: the row as it stands in the document, blanks and all, and where the row does
not name what is owed, the sentence of the prose that does.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cocci_gen.document.obligations import FOOTNOTE, PROSE, PROTOTYPES, Obligation, RuleSource, read_obligations
from cocci_gen.document.tables import read_document
from cocci_gen.errors import RuleDocumentError
from cocci_gen.kernel.tree import KernelTree

_COLUMNS = 72
#: A sentence that names a function that is owed (2) and says that it is (1) explains more than the row.
_TELLING = 3
_WORDS_OF_DUTY = re.compile(r"\b(?:must|should|has to|have to)\b")


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One place of the document: where it stands, in which column ("" for prose), and what it says, indented."""

    path: str
    line: int
    struct: str
    method: str
    column: str
    quote: str
    is_prototype: bool = False


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rule documents of one tree, by line, and their sentences by the obligation that they speak of."""

    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clauses: Mapping[str, tuple[RuleSource, ...]] = field(default_factory=dict)

    def rules(self, obligation: Obligation, owed: Iterable[str]) -> tuple[RuleWords, ...]:
        """An obligation and the functions that a path owes -> the row, and the sentence that names them if there is one."""
        first = self._words(obligation, obligation.source, obligation.column)
        names = tuple(owed)
        others = [source for source in self.clauses.get(obligation.id, ()) if source.line != obligation.source.line]
        telling = [source for source in others if _telling(source.quote, names) >= _TELLING]
        if not telling or _telling(obligation.source.quote, names) >= _TELLING:
            return (first,)
        best = max(telling, key=lambda source: (_telling(source.quote, names), -source.line))
        return first, self._words(obligation, best, PROSE)

    def _words(self, obligation: Obligation, source: RuleSource, column: str) -> RuleWords:
        """One place in words."""
        heading = "" if column in (PROSE, FOOTNOTE, PROTOTYPES) else " ".join(column.split())
        place = (source.path, source.line, obligation.struct, obligation.method, heading)
        return RuleWords(*place, self._quote(source), column == PROTOTYPES)

    def _quote(self, source: RuleSource) -> str:
        """The row as it stands, where it is one line and not too long, else its words, wrapped."""
        plain = " ".join(source.quote.split())
        lines = self.lines.get(source.path, ())
        row = lines[source.line - 1].expandtabs(8).strip() if 0 < source.line <= len(lines) else ""
        if " ".join(row.split()) == plain and len(row) <= _COLUMNS and row.isprintable():
            return f"  {row}"
        return indented(plain)


def read_rule_book(tree: KernelTree, obligations: Iterable[Obligation]) -> RuleBook:
    """The tree and the obligations of some findings -> what their documents say; a broken document only says less."""
    lines: dict[str, tuple[str, ...]] = {}
    clauses: dict[str, list[RuleSource]] = {}
    for path in sorted({obligation.source.path for obligation in obligations} & set(tree.blobs())):
        text = tree.read(path)
        lines[path] = tuple(text.decode("utf-8", "replace").split("\n"))
        try:
            readings = read_obligations(read_document(text, path))
        except RuleDocumentError:
            continue
        for reading in readings:
            if isinstance(reading, Obligation) and reading.column == PROSE:
                clauses.setdefault(reading.id, []).append(reading.source)
    return RuleBook(lines, {name: tuple(sources) for name, sources in clauses.items()})


def indented(text: str) -> str:
    """A quotation, wrapped and indented by two blanks."""
    return textwrap.fill(
        text, _COLUMNS, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _telling(quote: str, owed: Iterable[str]) -> int:
    """How much a sentence says about what is owed."""
    named = sum(re.search(rf"\b{re.escape(name)}\b", quote) is not None for name in owed)
    return 2 * named + (_WORDS_OF_DUTY.search(quote.replace("*", "")) is not None)
