"""Readings -> JSON, text and counts.

Each reading is shown with its words and line, its kind and obligation id (or why it was declined), whether its kind
has a working rule, and whether the corpus tests it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from cocci_gen.document.obligations import FOOTNOTE, PROSE, PROTOTYPES, Declined, Obligation, Reading, Unread

WORKING = "working"
NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Support:
    """What this copy of cocci-gen can do: the kinds with a working rule, those of them that make fixes, and the ids that
    its corpus tests."""

    kinds: Collection[str]
    fixing: Collection[str]
    tested_ids: Collection[str]

    def status(self, obligation: Obligation) -> str:
        """WORKING or NOT_YET."""
        return WORKING if obligation.kind in self.kinds else NOT_YET

    def tested(self, obligation: Obligation) -> bool:
        """Whether the corpus has both a line where this obligation must be reported and one where it must not."""
        return obligation.id in self.tested_ids

    def fixes(self, obligation: Obligation) -> bool:
        """Whether a breach of this obligation may get a fix, as opposed to a report alone."""
        return obligation.kind in self.fixing


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a document is read; a cell or sentence is when it gives an obligation and nothing of it is unread."""

    cells: int
    cells_read: int
    cells_declined: int
    cells_unread: int
    cells_blank: int
    cells_working: int
    cells_tested: int
    cells_fixing: int
    cells_reporting: int
    clauses: int
    clauses_read: int
    clauses_declined: int
    clauses_unread: int
    prototypes: int
    obligations: int
    obligations_working: int
    obligations_tested: int
    obligations_fixing: int
    obligations_reporting: int


def count(readings: Iterable[Reading], support: Support) -> Counts:
    """The figures of one document."""
    cells, clauses, prototypes = _groups(readings)
    blank = [group for group in cells if not group[0].text]
    filled = [group for group in cells if group[0].text]
    all_ids = {one.id: one for group in cells + clauses + prototypes for one in group if isinstance(one, Obligation)}
    return Counts(
        len(filled),
        *_outcomes(filled),
        len(blank),
        sum(1 for group in filled if any(support.status(one) == WORKING for one in _owed(group))),
        sum(1 for group in filled if any(support.tested(one) for one in _owed(group))),
        *_repairs(filled, support),
        len(clauses),
        *_outcomes(clauses),
        len(prototypes),
        len(all_ids),
        sum(1 for one in all_ids.values() if support.status(one) == WORKING),
        sum(1 for one in all_ids.values() if support.tested(one)),
        *_repairs([[one] for one in all_ids.values()], support),
    )


def _groups(readings: Iterable[Reading]) -> tuple[list[list[Reading]], list[list[Reading]], list[list[Reading]]]:
    """The readings of each cell, of each sentence and of each prototype, in their order."""
    cells: dict[tuple[object, ...], list[Reading]] = {}
    clauses: dict[tuple[object, ...], list[Reading]] = {}
    prototypes: dict[tuple[object, ...], list[Reading]] = {}
    for one in readings:
        if one.column in (PROSE, FOOTNOTE):
            clauses.setdefault((one.source.line, one.text), []).append(one)
        elif one.column == PROTOTYPES:
            prototypes.setdefault((one.source.line, one.text), []).append(one)
        else:
            cells.setdefault((one.source.line, one.method, one.column), []).append(one)
    return list(cells.values()), list(clauses.values()), list(prototypes.values())


def _owed(group: Iterable[Reading]) -> list[Obligation]:
    return [one for one in group if isinstance(one, Obligation)]


def _outcomes(groups: Collection[list[Reading]]) -> tuple[int, int, int]:
    """How many groups are read, declined and unread."""
    unread = sum(1 for group in groups if any(isinstance(one, Unread) for one in group))
    declined = sum(1 for group in groups if all(isinstance(one, Declined) for one in group))
    return len(groups) - unread - declined, declined, unread


def _repairs(groups: Collection[list[Reading]], support: Support) -> tuple[int, int]:
    """How many groups owe something that may get a fix, and how many owe only what is reported."""
    owing = [owed for group in groups if (owed := _owed(group))]
    fixing = sum(1 for owed in owing if any(support.fixes(one) for one in owed))
    return fixing, len(owing) - fixing


def obligations_to_json(readings: Iterable[Reading], support: Support) -> dict[str, Any]:
    """All readings and the counts as JSON values."""
    found = tuple(readings)
    return {
        "path": found[0].source.path if found else "",
        "counts": asdict(count(found, support)),
        "readings": [_entry(one, support) for one in found],
    }


def _entry(reading: Reading, support: Support) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "struct": reading.struct,
        "method": reading.method,
        "from": {PROSE: "prose", FOOTNOTE: "prose", PROTOTYPES: "prototype"}.get(reading.column, "cell"),
        "column": reading.column,
        "text": reading.text,
        "line": reading.source.line,
        "quote": reading.source.quote,
        "outcome": "obligation",
        "kind": None,
        "obligation": None,
        "reason": None,
        "status": None,
        "tested": False,
    }
    match reading:
        case Obligation():
            entry |= {
                "kind": reading.kind,
                "obligation": reading.id,
                "status": support.status(reading),
                "tested": support.tested(reading),
                "resource": reading.resource,
                "mode": reading.mode,
                "condition": reading.condition,
                "names": list(reading.names),
            }
        case Declined():
            entry |= {"outcome": "declined", "reason": reading.reason}
        case Unread():
            entry |= {"outcome": "unread", "reason": reading.problem}
    return entry


def obligations_to_text(readings: Iterable[Reading], support: Support) -> str:
    """All readings for people, one to a line under their structures, and the counts."""
    return "\n".join(_text_of(tuple(readings), support)).lstrip("\n") + "\n"


def _text_of(readings: tuple[Reading, ...], support: Support) -> Iterator[str]:
    struct = None
    for one in readings:
        if one.struct != struct:
            struct = one.struct
            yield f"\n{one.source.path}: {struct or '(no structure)'}"
        words = f"{one.column}: {one.text or '(blank)'}"
        yield f"  {one.source.line:4}  {one.method or '-'}  [{_shortened(words)}]  {_outcome(one, support)}"
    counts = count(readings, support)
    yield ""
    yield (
        f"{counts.cells} cells ({counts.cells_blank} more are blank): {counts.cells_read} read, "
        f"{counts.cells_declined} declined, {counts.cells_unread} unread; "
        f"{counts.cells_working} with a working rule, {counts.cells_tested} tested by the corpus"
    )
    yield (
        f"{counts.clauses} sentences: {counts.clauses_read} read, {counts.clauses_declined} declined, "
        f"{counts.clauses_unread} unread"
    )
    yield (
        f"{counts.prototypes} prototypes; {counts.obligations} obligations: "
        f"{counts.obligations_working} with a working rule, {counts.obligations_tested} tested"
    )


def _outcome(reading: Reading, support: Support) -> str:
    match reading:
        case Declined():
            return f"declined: {reading.reason}"
        case Unread():
            return f"UNREAD: {reading.problem}"
        case _:
            details = [reading.resource, reading.mode, ", ".join(reading.names), reading.condition]
            tested = ", tested" if support.tested(reading) else ""
            said = f" ({'; '.join(part for part in details if part)})" if any(details) else ""
            return f"{reading.id}{said}: {support.status(reading)}{tested}"


def _shortened(text: str, most: int = 72) -> str:
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
