"""The verdicts on a tree -> TreeTotals, one line per tree: how many of what was read a maintainer would take.

`corpus.precision` has the same by kind, with what became of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.corpus.patch_verdicts import PatchShare
from cocci_gen.corpus.precision import CODE_TOTAL, DOCUMENT_TOTAL, Share
from cocci_gen.corpus.records import LEVELS, Worth
from cocci_gen.scan.coverage import Coverage

_NONE_READ = "-"


@dataclass(frozen=True, slots=True)
class TreeTotals:
    """What people made of one tree: its shares by kind, how much of it was examined, and its patches as they were last read."""

    tree: str
    shares: tuple[Share, ...]
    covered: Coverage
    patches: PatchShare


def totals_to_text(totals: Iterable[TreeTotals]) -> str:
    """A table for people, each cell `taken/read`; only of findings in code that are sure the false ones have a column."""
    head = ["tree", *LEVELS, "false", "documents", "examined", "patches as is"]
    rows = [head, *(_row(one) for one in totals)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((f"{row[0]:<{widths[0]}}", *numbers))


def _row(one: TreeTotals) -> list[str]:
    code = {share.confidence: share for share in one.shares if share.kind == CODE_TOTAL}
    documents = [share for share in one.shares if share.kind == DOCUMENT_TOTAL]
    sure = code.get(LEVELS[0])
    return [
        one.tree,
        *(_part([code[level]] if level in code else []) for level in LEVELS),
        str(sure.count(Worth.FALSE)) if sure is not None else _NONE_READ,
        _part(documents),
        f"{one.covered.examined}/{one.covered.named}" if one.covered.named else _NONE_READ,
        f"{one.patches.counts[0]}/{one.patches.read}" if one.patches.read else _NONE_READ,
    ]


def _part(shares: Sequence[Share]) -> str:
    """How many are taken of how many."""
    read = sum(share.read for share in shares)
    return f"{sum(share.count(Worth.TAKEN) for share in shares)}/{read}" if read else _NONE_READ
