"""Two RuleDocuments -> RuleChange, what became of the rules between two revisions.

For people who keep a file system out of the tree: per structure and method, the cells, prototypes and sentences that
came, went or changed. Order and line numbers do not matter: a document that was only rearranged has no changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from cocci_gen.document.declarations import in_pages
from cocci_gen.document.tables import DocumentSection, Prototype, Row, RuleDocument, RuleTable

ChangeSort = Literal["structure", "column", "method", "cell", "prototype", "sentence"]

#: Two sentences about the same method that share this much of their words are one that was rephrased.
_ALIKE = 0.5
_MOST_PAIRS = 10_000  # of sentences about one method; the longest real text has twenty


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One difference; `old` is "" and `old_line` 0 for what was added, `new` likewise for what was removed.

    `method` is "" where a whole structure or a sentence about all of its methods is meant, `column` is that of a cell.
    """

    struct: str
    method: str
    what: ChangeSort
    column: str
    old: str
    new: str
    old_line: int
    new_line: int

    @property
    def how(self) -> str:
        """`added`, `removed` or `changed`."""
        if not self.old_line:
            return "added"
        return "changed" if self.new_line else "removed"


def diff_documents(old: RuleDocument, new: RuleDocument) -> tuple[RuleChange, ...]:
    """Every change from the old document to the new one, structure by structure in the order of the new one."""
    changes: list[RuleChange] = []
    for title in _ordered([section.title for section in new.sections], [section.title for section in old.sections]):
        before = next((section for section in old.sections if section.title == title), None)
        after = next((section for section in new.sections if section.title == title), None)
        if before is None and after is not None:
            changes.append(RuleChange(after.struct or title, "", "structure", "", "", title, 0, after.line))
        elif after is None and before is not None:
            changes.append(RuleChange(before.struct or title, "", "structure", "", title, "", before.line, 0))
        elif before is not None and after is not None:
            changes += _sections(before, after)
    return tuple(changes)


def _ordered(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    """Everything in `first`, then what only `second` has."""
    return tuple(dict.fromkeys((*first, *second)))


def _sections(old: DocumentSection, new: DocumentSection) -> list[RuleChange]:
    """The changes of one structure, method by method; those about all of them come first."""
    columns, changes = _columns(old, new)
    names = _renamed(old, new)
    before, after = _methods(old), _methods(new)
    methods = _ordered(after, [names.get(method, method) for method in before])
    older = {now: was for was, now in names.items()}
    for method in methods:
        was, now = before.get(older.get(method, method)), after.get(method)
        if was is None or now is None or was.name != now.name:
            changes.append(_whole_method(new.struct, method, was, now))
        if was is not None and now is not None:
            changes += _prototypes(new.struct, method, was.prototype, now.prototype)
            changes += _cells(new.struct, method, was.row, now.row, columns)
    changes += _sentences(old, new, names)
    order = {method: index for index, method in enumerate(methods)}
    return sorted(changes, key=lambda change: order.get(change.method.split(", ")[0], -1))


def _renamed(old: DocumentSection, new: DocumentSection) -> dict[str, str]:
    """Old -> new name of the methods that were converted from pages to folios (`readpage`, `read_folio`)."""
    before, after = dict.fromkeys(old.methods), dict.fromkeys(new.methods)
    gone = [method for method in before if method not in after]
    come = {in_pages(method): method for method in after if method not in before}
    return {method: come[in_pages(method)] for method in gone if in_pages(method) in come}


@dataclass(frozen=True, slots=True)
class _Method:
    """What one document says about one method in its prototypes and tables."""

    name: str
    prototype: Prototype | None
    row: Row | None

    @property
    def text(self) -> str:
        parts = (self.prototype.text.removesuffix(";") if self.prototype else "", self.row.text if self.row else "")
        return "; ".join(part for part in parts if part)

    @property
    def line(self) -> int:
        return self.row.line if self.row else self.prototype.line if self.prototype else 0


def _methods(section: DocumentSection) -> dict[str, _Method]:
    prototypes = {prototype.method: prototype for prototype in section.prototypes}
    rows = {row.method: row for table in section.tables for row in table.rows}
    return {name: _Method(name, prototypes.get(name), rows.get(name)) for name in section.methods}


def _columns(old: DocumentSection, new: DocumentSection) -> tuple[dict[str, str], list[RuleChange]]:
    """Old -> new heading of each column that was renamed, and the changes of columns."""
    before = [(name, table) for table in old.tables for name in table.columns]
    after = [(name, table) for table in new.tables for name in table.columns]
    names: dict[str, str] = {}
    changes: list[RuleChange] = []
    matcher = SequenceMatcher(None, [name for name, _ in before], [name for name, _ in after], autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "replace" and last - first == end - start:
            pairs = zip(before[first:last], after[start:end], strict=True)
            for (was, table), (now, other) in pairs:
                names[was] = now
                changes.append(RuleChange(new.struct, "", "column", now, was, now, table.line, other.line))
        elif tag != "equal":
            changes += [_column(new.struct, name, table, removed=True) for name, table in before[first:last]]
            changes += [_column(new.struct, name, table, removed=False) for name, table in after[start:end]]
    return names, changes


def _column(struct: str, name: str, table: RuleTable, *, removed: bool) -> RuleChange:
    if removed:
        return RuleChange(struct, "", "column", name, name, "", table.line, 0)
    return RuleChange(struct, "", "column", name, "", name, 0, table.line)


def _whole_method(struct: str, method: str, old: _Method | None, new: _Method | None) -> RuleChange:
    """A method that got another name, or that came or went with what its prototype and row say."""
    lines = (old.line if old else 0, new.line if new else 0)
    if old is not None and new is not None:
        return RuleChange(struct, method, "method", "", old.name, new.name, *lines)
    return RuleChange(struct, method, "method", "", old.text if old else "", new.text if new else "", *lines)


def _prototypes(struct: str, method: str, old: Prototype | None, new: Prototype | None) -> Iterator[RuleChange]:
    """A change of types; other names of parameters and other spacing are none."""
    before, after = (one.signature if one else "" for one in (old, new))
    if before != after:
        lines = (old.line if old else 0, new.line if new else 0)
        yield RuleChange(struct, method, "prototype", "", old.text if old else "", new.text if new else "", *lines)


def _cells(struct: str, method: str, old: Row | None, new: Row | None, columns: dict[str, str]) -> Iterator[RuleChange]:
    """Cells whose words changed; a blank cell is none, so filling it adds one."""
    before = {columns.get(cell.column, cell.column): cell for cell in old.cells} if old else {}
    after = {cell.column: cell for cell in new.cells} if new else {}
    for column in _ordered(after, before):
        was, now = before.get(column), after.get(column)
        texts = (was.text if was else "", now.text if now else "")
        if texts[0] != texts[1]:
            lines = (was.line if was and was.text else 0, now.line if now and now.text else 0)
            yield RuleChange(struct, method, "cell", column, *texts, *lines)


Sentence = tuple[str, int]  # text and line


def _sentences(old: DocumentSection, new: DocumentSection, names: dict[str, str]) -> Iterator[RuleChange]:
    """Sentences that came, went or were rephrased; those that moved to another place are none."""
    before, after = _by_subject(old, names), _by_subject(new, {})
    for about in _ordered(after, before):
        kept = {_words(text) for text, _ in before.get(about, ())} & {_words(text) for text, _ in after.get(about, ())}
        gone = [sentence for sentence in before.get(about, ()) if _words(sentence[0]) not in kept]
        come = [sentence for sentence in after.get(about, ()) if _words(sentence[0]) not in kept]
        for was, now in _pairs(gone, come):
            yield RuleChange(new.struct or new.title, about, "sentence", "", was[0], now[0], was[1], now[1])


def _words(text: str) -> tuple[str, ...]:
    """The words of a sentence without case and punctuation, which change nothing."""
    return tuple(re.findall(r"[\w/!=*-]+", text.casefold()))


def _by_subject(section: DocumentSection, names: dict[str, str]) -> dict[str, list[Sentence]]:
    sentences: dict[str, list[Sentence]] = {}
    for clause in section.clauses:
        about = ", ".join(names.get(method, method) for method in clause.subjects)
        sentences.setdefault(about, []).append((clause.text, clause.line))
    return sentences


def _pairs(gone: Sequence[Sentence], come: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Each old sentence with the new one that is most like it; ("", 0) stands for the missing half."""
    nothing: Sentence = ("", 0)
    left = list(come)
    compared = gone if len(gone) * len(come) <= _MOST_PAIRS else ()
    yield from ((was, nothing) for was in gone if not compared)
    for was in compared:
        alike = [(SequenceMatcher(None, _words(was[0]), _words(now[0]), autojunk=False).ratio(), now) for now in left]
        best = max(alike, key=lambda pair: pair[0], default=(0.0, nothing))
        if best[0] >= _ALIKE:
            left.remove(best[1])
            yield was, best[1]
        else:
            yield was, nothing
    for now in left:
        yield nothing, now


def diff_to_json(old: str, new: str, changes: Iterable[RuleChange]) -> dict[str, Any]:
    """The changes between the revisions `old` and `new` as JSON values."""
    return {"old": old, "new": new, "changes": [{"how": one.how, **asdict(one)} for one in changes]}


def diff_to_text(old: str, new: str, changes: Iterable[RuleChange]) -> str:
    """The changes for people: under each structure one entry per change, with the line in the document that has it."""
    found = tuple(changes)
    lines = [
        f"locking.rst from {old} to {new}: {len(found)} changes" if found else f"no rule changed from {old} to {new}"
    ]
    struct = None
    for one in found:
        if one.struct != struct:
            struct = one.struct
            lines += ["", struct]
        place = f"line {one.new_line}" if one.new_line else f"was line {one.old_line}"
        about = " ".join(part for part in (one.what, one.method, f"[{one.column}]" if one.column else "") if part)
        lines.append(f"  {one.how} {about} ({place})")
        lines += [f"    - {one.old}"] if one.old else []
        lines += [f"    + {one.new}"] if one.new else []
    return "\n".join(lines) + "\n"
