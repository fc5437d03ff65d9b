"""A method that locking.rst and the headers agree about -> DocumentBreak, one edit that parts them.

Each sort of edit makes a difference by what it writes, whatever the comparison says of it: a name that stands nowhere else, a
parameter fewer, another word in a type, a row or a prototype that is no more.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.document.declarations import Prototype
from cocci_gen.document.tables import DocumentSection, Row, RuleDocument
from cocci_gen.findings.findings import Edit
from cocci_gen.kinds.prototype.differences import DifferenceSort

#: Words of a type that become others; each way is another type.
_WORDS = (
    ("struct page", "struct folio"), ("struct folio", "struct page"), ("struct inode", "struct dentry"),
    ("struct dentry", "struct inode"), ("unsigned int", "unsigned long"), ("unsigned long", "unsigned int"),
    ("int", "long"), ("void", "int"), ("bool", "int"), ("const ", ""), ("loff_t", "size_t"), ("size_t", "loff_t"),
    ("ssize_t", "int"), ("vm_fault_t", "int"), ("gfp_t", "unsigned int"), ("*", "**"),
)  # fmt: skip
_STRUCT = re.compile(r"((?:const )?struct \w+ \*+)(\w*)")
_SUFFIXES = ("_at", "_now", "_early")


@dataclass(frozen=True, slots=True)
class DocumentBreak:
    """Edits of the document: `tells` are the (method, difference) of which one must be found, `names` the methods concerned,
    `fixable` whether the headers say what stood there."""

    edits: tuple[Edit, ...]
    words: str
    tells: frozenset[tuple[str, DifferenceSort]]
    names: frozenset[str]
    fixable: bool
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Documented:
    """A method with what the document has of it: its prototype, its row and the numbers of the row's lines, () for none.

    `taken` are the names that a new one must not have, `declared` how many prototypes the header has of the method.
    """

    document: RuleDocument
    lines: Sequence[bytes]
    section: DocumentSection
    prototype: Prototype
    row: Row | None
    row_lines: tuple[int, ...]
    taken: frozenset[str]
    declared: int

    @property
    def method(self) -> str:
        """The method."""
        return self.prototype.method


def documented(
    document: RuleDocument, lines: Sequence[bytes], section: DocumentSection, known: Mapping[str, int]
) -> Iterator[Documented]:
    """The methods of a section that have a prototype; `known` tells how many prototypes the header has of each method."""
    rows = [row for table in section.tables for row in table.rows]
    taken = frozenset(section.methods) | frozenset(known)
    for prototype in section.prototypes:
        mine = [row for row in rows if row.method == prototype.method]
        if not prototype.method or len(mine) > 1 or len({one.line for one in mine}) != len(mine):
            continue
        row = mine[0] if mine else None
        alone = row is None or sum(one.line == row.line for one in rows) == 1
        if alone:
            spread = _spread(document, rows, row) if row is not None else ()
            yield Documented(document, lines, section, prototype, row, spread, taken, known.get(prototype.method, 0))


def _spread(document: RuleDocument, rows: Sequence[Row], row: Row) -> tuple[int, ...]:
    """The lines of a row with those that go on with it."""
    begins = {one.line for one in rows}
    last = row.line
    while document.roles.get(last + 1) == "row" and last + 1 not in begins:
        last += 1
    return tuple(range(row.line, last + 1))


def document_breaks(one: Documented, chance: random.Random) -> list[DocumentBreak]:
    """One break of each sort that the method allows."""
    found = []
    for sort in _SORTS:
        made = list(sort(one))
        if made:
            found.append(chance.choice(made))
    return found


def reworded(one: Documented) -> tuple[Edit, ...]:
    """The same prototype with other names, blanks and line breaks, which is no break."""
    parts = [
        _STRUCT.sub(lambda m: f"{m[1]}{'' if m[2] else 'mutation'}", part, count=1) for part in one.prototype.parameters
    ]
    parameters = ",\n\t\t ".join(parts or ["void"])
    return (_prototype_edit(one, f"{one.prototype.returns} (*{one.method}) ( {parameters} ) ;"),)


def _replace(one: Documented, first: int, last: int, new: str) -> Edit:
    return Edit(first, tuple(one.lines[first - 1 : last]), tuple(f"{line}\n".encode() for line in new.splitlines()))


def _prototype_edit(one: Documented, text: str) -> Edit:
    comment = f" /* {one.prototype.comment} */" if one.prototype.comment else ""
    return _replace(one, one.prototype.line, one.prototype.last_line, f"\t{text}{comment}" if text else "")


def _declared(one: Documented, returns: str, parameters: Sequence[str]) -> str:
    return f"{returns} (*{one.method})({', '.join(parameters) or 'void'});"


def _text(one: Documented, first: int, last: int) -> str:
    return b"".join(one.lines[first - 1 : last]).decode("utf-8", "surrogateescape").rstrip("\n")


def _prototype_text(one: Documented) -> str:
    return _text(one, one.prototype.line, one.prototype.last_line)


def _tells(method: str, *whats: DifferenceSort) -> frozenset[tuple[str, DifferenceSort]]:
    return frozenset((method, what) for what in whats)


def _named(
    one: Documented, words: str, edits: Sequence[Edit], tells: frozenset[tuple[str, DifferenceSort]]
) -> DocumentBreak:
    """A break that can be mended from the header alone."""
    names = frozenset({one.method, *(method for method, _ in tells)})
    return DocumentBreak(tuple(edits), words, tells, names, fixable=True)


def _other_signature(one: Documented, words: str, returns: str, parameters: Sequence[str]) -> DocumentBreak:
    edit = _prototype_edit(one, _declared(one, returns, parameters))
    return _named(one, words, [edit], _tells(one.method, DifferenceSort.SIGNATURE))


def _fewer_parameters(one: Documented) -> Iterator[DocumentBreak]:
    parameters = one.prototype.parameters
    for at in range(len(parameters) if one.declared == 1 else 0):
        words = f"the parameter `{parameters[at]}` is dropped"
        yield _other_signature(one, words, one.prototype.returns, [*parameters[:at], *parameters[at + 1 :]])


def _more_parameters(one: Documented) -> Iterator[DocumentBreak]:
    if one.declared == 1:
        parameters = [*one.prototype.parameters, "unsigned int flags"]
        yield _other_signature(one, "a parameter `unsigned int flags` is added", one.prototype.returns, parameters)


def _other_type(one: Documented) -> Iterator[DocumentBreak]:
    returns, parameters = one.prototype.returns, one.prototype.parameters
    for at, part in enumerate(parameters) if one.declared == 1 else ():
        for new in _changed(part):
            words = f"the parameter `{part}` becomes `{new}`"
            yield _other_signature(one, words, returns, [*parameters[:at], new, *parameters[at + 1 :]])


def _other_return(one: Documented) -> Iterator[DocumentBreak]:
    for new in _changed(one.prototype.returns) if one.declared == 1 else ():
        yield _other_signature(one, f"`{one.prototype.returns}` becomes `{new}`", new, one.prototype.parameters)


def _changed(text: str) -> Iterator[str]:
    for old, new in _WORDS:
        pattern = re.escape(old) if not old.isalpha() else rf"(?<!unsigned )\b{old}\b(?! \*\w*$)"
        changed = re.sub(pattern, new, text, count=1)
        if changed != text and "(" not in text:
            yield " ".join(changed.split())


def _other_order(one: Documented) -> Iterator[DocumentBreak]:
    parameters = one.prototype.parameters
    for at in range(len(parameters) - 1 if one.declared == 1 else 0):
        left, right = (re.findall(r"struct \w+", part) for part in parameters[at : at + 2])
        if left != right and "(" not in "".join(parameters[at : at + 2]):
            swapped = [*parameters[:at], parameters[at + 1], parameters[at], *parameters[at + 2 :]]
            words = f"`{parameters[at]}` and `{parameters[at + 1]}` change places"
            yield _other_signature(one, words, one.prototype.returns, swapped)


def _other_name(one: Documented) -> Iterator[DocumentBreak]:
    """The prototype has another name, the row the old one."""
    new = next((name for suffix in _SUFFIXES if (name := one.method + suffix) not in one.taken), "")
    if new:
        edit = _replace(
            one, one.prototype.line, one.prototype.last_line, _renamed(_prototype_text(one), one.method, new)
        )
        tells = _tells(new, DifferenceSort.GONE, DifferenceSort.RENAMED, DifferenceSort.MOVED)
        yield _named(one, f"the prototype of {one.method} is called {new}", [edit], tells)


def _typing_error(one: Documented) -> Iterator[DocumentBreak]:
    """Two letters of the name change places, everywhere in the section."""
    name = one.method
    at = next((at for at in range(1, len(name) - 1) if name[at] != name[at + 1]), 0)
    new = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if len(name) < 4 or new in one.taken or not at:
        return
    spoken = {line for clause in one.section.clauses for line in range(clause.line, clause.last_line + 1)}
    places = [*range(one.prototype.line, one.prototype.last_line + 1), *one.row_lines[:1], *sorted(spoken)]
    edits = [
        _replace(one, line, line, after)
        for line in places
        if (after := _renamed(before := _text(one, line, line), name, new)) != before
    ]
    tells = _tells(new, DifferenceSort.GONE, DifferenceSort.RENAMED, DifferenceSort.MOVED)
    yield _named(one, f"{name} is called {new} in the whole section", edits, tells)


def _renamed(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{re.escape(old)}\b", new, text)


def _no_prototype(one: Documented) -> Iterator[DocumentBreak]:
    if one.row is not None and len(one.section.prototypes) > 1:
        edits = [_prototype_edit(one, "")]
        yield _named(
            one, f"the prototype of {one.method} is deleted", edits, _tells(one.method, DifferenceSort.NO_PROTOTYPE)
        )


def _no_row(one: Documented) -> Iterator[DocumentBreak]:
    if _row_may_go(one):
        tells = _tells(one.method, DifferenceSort.NO_ROW)
        edits = (_row_edit(one),)
        yield DocumentBreak(edits, f"the row of {one.method} is deleted", tells, frozenset({one.method}), fixable=False)


def _forgotten(one: Documented) -> Iterator[DocumentBreak]:
    if _row_may_go(one) and len(one.section.prototypes) > 1:
        edits = (_prototype_edit(one, ""), _row_edit(one))
        tells = _tells(one.method, DifferenceSort.MISSING)
        words = f"prototype and row of {one.method} are deleted"
        yield DocumentBreak(edits, words, tells, frozenset({one.method}), fixable=False)


def _row_may_go(one: Documented) -> bool:
    tables = [table for table in one.section.tables if one.row in table.rows]
    return any(len(table.rows) > 1 for table in tables)


def _row_edit(one: Documented) -> Edit:
    return _replace(one, one.row_lines[0], one.row_lines[-1], "")


def _invented(one: Documented) -> Iterator[DocumentBreak]:
    """A method that the structure does not have: its prototype, its row, or both."""
    new = one.method[1:] + one.method[0]
    if new in one.taken or not new.isidentifier() or len(one.method) < 3:
        return
    line = one.prototype.last_line + 1
    lines = _renamed(_prototype_text(one), one.method, new).split("\n")
    prototype = Edit(line, (), tuple(f"{text}\n".encode() for text in lines))
    tells = _tells(new, DifferenceSort.GONE)
    yield _named(one, f"a prototype of {new} is added", [prototype], tells)
    if one.row is not None:
        text = _renamed(_text(one, one.row.line, one.row.line), one.method, new)
        row = Edit(one.row_lines[-1] + 1, (), (f"{text}\n".encode(),))
        yield _named(one, f"a row of {new} is added", [row], tells)
        yield _named(one, f"prototype and row of {new} are added", [prototype, row], tells)


def _no_c(one: Documented) -> Iterator[DocumentBreak]:
    text, tells = _prototype_text(one), _tells(one.method, DifferenceSort.SYNTAX)
    for words, old, new in (
        ("a bracket is doubled", f"{one.method})(", f"{one.method})(("),
        ("the semicolon is lost", ");", ")"),
    ):
        if text.count(old) == 1:
            edit = _replace(one, one.prototype.line, one.prototype.last_line, text.replace(old, new))
            yield _named(one, f"{words} in the prototype of {one.method}", [edit], tells)


_SORTS: tuple[Callable[[Documented], Iterator[DocumentBreak]], ...] = (
    _fewer_parameters,
    _more_parameters,
    _other_type,
    _other_return,
    _other_order,
    _other_name,
    _typing_error,
    _no_prototype,
    _no_row,
    _forgotten,
    _invented,
    _no_c,
)
