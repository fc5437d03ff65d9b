"""Counts of several documents -> one table, or JSON.

The figures of README: how much of each locking.rst is read, what of it the corpus tests, and what gets fixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cocci_gen.document.listing import Counts

_ROWS = (
    "cells with text",
    "cells read / declined with a reason / unread",
    "cells with a rule that the corpus tests",
    "cells of a kind that makes fixes / that reports",
    "sentences read / declined / unread",
    "distinct obligations",
    "obligations of a kind that makes fixes / that reports",
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The counts of one document; `name` heads its column."""

    name: str
    counts: Counts


def summaries_to_text(summaries: Sequence[Coverage]) -> str:
    """The table for people: a column for each document."""
    columns = [("", *_ROWS), *((one.name, *_figures(one.counts)) for one in summaries)]
    widths = [max(len(cell) for cell in column) for column in columns]
    return "\n".join(_line(row, widths) for row in zip(*columns, strict=True))


def _figures(counts: Counts) -> tuple[str, ...]:
    share = f" ({counts.cells_tested / counts.cells:.0%})" if counts.cells else ""
    return (
        str(counts.cells),
        f"{counts.cells_read} / {counts.cells_declined} / {counts.cells_unread}",
        f"{counts.cells_tested}{share}",
        f"{counts.cells_fixing} / {counts.cells_reporting}",
        f"{counts.clauses_read} / {counts.clauses_declined} / {counts.clauses_unread}",
        str(counts.obligations),
        f"{counts.obligations_fixing} / {counts.obligations_reporting}",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([row[0].ljust(widths[0]), *cells])


def summaries_to_json(summaries: Sequence[Coverage]) -> list[dict[str, Any]]:
    """The counts of each document as JSON values."""
    return [asdict(one) for one in summaries]
