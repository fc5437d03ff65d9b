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
#: A sentence of prose, and one that says what comes of a failure to do something.
_SENTENCE = re.compile(r"[A-Z][^.:\n]*(?:\n(?!\n)[^.:\n]*)*\.(?=\s)")
_FAILURE = re.compile(r"\bfailure to\b.*\bwill\b", re.IGNORECASE)
#: Where a page's dirty flag is cleared before it is written.
_CLEARS = ("mm/page-writeback.c", "folio_clear_dirty_for_io")
#: Where a fault on a shared mapping dirties the page that it has made writable.
_DIRTIES = ("mm/memory.c", "fault_dirty_shared_page")
_CHECKPATCH = "scripts/checkpatch.pl"
_WORDS_OF_DUTY = re.compile(r"\b(?:must|should|has to|have to)\b")


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One place of the document: where it stands, in which column ("" for prose), what it says, indented, the heading of
    its section ("" where that is not known), the cell alone, and where the section is published ("" where nowhere)."""

    path: str
    line: int
    struct: str
    method: str
    column: str
    quote: str
    is_prototype: bool = False
    section: str = ""
    sentence: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rule documents of one tree, by line, their sentences by the obligation that they speak of, the (line, heading) of
    their sections, the release of the tree (`6.1`), "" where it has none that is published, and `remark`, the function whose
    comment says what is owed to a page whose dirty flag was cleared, "" where no comment does; `knows_assisted` tells whether
    the tree's checkpatch knows the trailer Assisted-by, `dirties` is what a fault dirties a shared page by, "" where the tree
    has no such function."""

    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clauses: Mapping[str, tuple[RuleSource, ...]] = field(default_factory=dict)
    sections: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    release: str = ""
    remark: str = ""
    knows_assisted: bool = False
    dirties: str = ""
    #: Helpers of the files at hand that undo a mapping, whatever they are called: `name()`.
    unmapping: frozenset[str] = frozenset()

    def warning(self, obligation: Obligation, owed: Iterable[str]) -> str:
        """The sentence of an obligation's document that tells what comes of not calling what is owed; "" for none."""
        text = "\n".join(self.lines.get(obligation.source.path, ()))
        names = tuple(owed)
        for found in _SENTENCE.finditer(text):
            sentence = " ".join(found[0].split())
            # The document speaks of pages where the tree has folios as well.
            named = sum(_alike(name) in _alike(sentence) for name in names)
            if _FAILURE.search(sentence) and names and named == len(names) and sentence.isprintable():
                return sentence
        return ""

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
        section = self._section(source)
        cell = f'"{obligation.method}: {" ".join(obligation.text.split())}"'
        link = self._link(source.path, section)
        return RuleWords(*place, self._quote(source), column == PROTOTYPES, section or obligation.struct, cell, link)

    def _section(self, source: RuleSource) -> str:
        """The heading above a place; "" where the document could not be read."""
        above = [title for line, title in self.sections.get(source.path, ()) if line <= source.line]
        return " ".join(above[-1].split()) if above else ""

    def _link(self, path: str, section: str) -> str:
        """Where a section is published: the page of the release that the tree is of, the heading as Sphinx makes it an id."""
        page = re.fullmatch(r"Documentation/([\w./-]+)\.rst", path)
        anchor = re.sub(r"[^a-z0-9]+", "-", section.lower()).strip("-")
        if not (page and anchor and self.release):
            return ""
        return f"https://docs.kernel.org/{self.release}/{page[1]}.html#{anchor}"

    def _quote(self, source: RuleSource) -> str:
        """The row as it stands, where it is one line and not too long, else its words, wrapped."""
        plain = " ".join(source.quote.split())
        lines = self.lines.get(source.path, ())
        row = lines[source.line - 1].expandtabs(8).strip() if 0 < source.line <= len(lines) else ""
        if " ".join(row.split()) == plain and len(row) <= _COLUMNS and row.isprintable():
            return f"  {row}"
        return indented(plain)


def read_rule_book(tree: KernelTree, obligations: Iterable[Obligation], kernel_version: str = "") -> RuleBook:
    """The tree and the obligations of some findings -> what their documents say; a broken document only says less."""
    release = re.match(r"\d+\.\d+(?![\w.]*-)", kernel_version)
    lines: dict[str, tuple[str, ...]] = {}
    clauses: dict[str, list[RuleSource]] = {}
    sections: dict[str, tuple[tuple[int, str], ...]] = {}
    for path in sorted({obligation.source.path for obligation in obligations} & set(tree.blobs())):
        text = tree.read(path)
        lines[path] = tuple(text.decode("utf-8", "replace").split("\n"))
        try:
            document = read_document(text, path)
            readings = read_obligations(document)
        except RuleDocumentError:
            continue
        sections[path] = tuple((section.line, section.title) for section in document.sections)
        for reading in readings:
            if isinstance(reading, Obligation) and reading.column == PROSE:
                clauses.setdefault(reading.id, []).append(reading.source)
    every = {name: tuple(sources) for name, sources in clauses.items()}
    checkpatch = tree.text_of(_CHECKPATCH) or b""
    assisted = b"Assisted-by:" in checkpatch
    dirties = f"{_DIRTIES[1]}()" if _DIRTIES[0] in tree.blobs() and _defines(tree, *_DIRTIES) else ""
    return RuleBook(lines, every, sections, release[0] if release else "", _remark(tree), assisted, dirties)


def _defines(tree: KernelTree, path: str, name: str) -> bool:
    """Whether a file of the tree has a function of this name."""
    return re.search(rf"^[\w *]*\b{name}\(", tree.read(path).decode("utf-8", "replace"), re.MULTILINE) is not None


def _remark(tree: KernelTree) -> str:
    """The function that clears the dirty flag for writeback, if the comment above it says what is owed then."""
    text = (tree.text_of(_CLEARS[0]) or b"").decode("utf-8", "replace")
    comment = re.search(rf"/\*((?:(?!\*/).)*)\*/\s*(?:[\w *]+\b)?{_CLEARS[1]}\(", text, re.DOTALL)
    wanted = ("folio_start_writeback()", "folio_mark_dirty()", "locked")
    return f"{_CLEARS[1]}()" if comment and all(word in comment[1] for word in wanted) else ""


def indented(text: str) -> str:
    """A quotation, wrapped and indented by two blanks."""
    return textwrap.fill(
        text, _COLUMNS, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _alike(text: str) -> str:
    """Calls in the words of pages."""
    text = text.replace("folio_redirty_for_writepage", "redirty_page_for_writepage")
    return text.replace("folio_start_writeback", "set_page_writeback")


def _telling(quote: str, owed: Iterable[str]) -> int:
    """How much a sentence says about what is owed."""
    named = sum(re.search(rf"\b{re.escape(name)}\b", quote) is not None for name in owed)
    return 2 * named + (_WORDS_OF_DUTY.search(quote.replace("*", "")) is not None)
