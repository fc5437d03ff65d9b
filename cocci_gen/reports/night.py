"""What a night of a batch brings and what is gone since the night before -> lines for who reads cron's mail."""

from __future__ import annotations

from collections.abc import Iterator

from cocci_gen.findings.findings import Confidence, shortened
from cocci_gen.reports.selection import Selection, select
from cocci_gen.reports.text import finding_line
from cocci_gen.runs.nightly.state import GoneFinding
from cocci_gen.runs.nightly.summary import SUMMARY, Done

#: Of each sort, and of each tree: the first night has all findings of a kernel to tell.
LINES = 20
_RANKS = {level.value: level.rank for level in Confidence}


def night_lines(done: Done) -> Iterator[str]:
    """The new findings, the surest first, then what is gone and why; what is too much for a mail is counted."""
    new = select(done.new, Selection())
    yield from (f"  new   {finding_line(one)}" for one in new[:LINES])
    yield from _rest(len(new), f"new: cocci-gen findings {done.folder}")
    gone = sorted(done.gone.items(), key=_order)
    yield from (f"  gone  {_line(fingerprint, one)}" for fingerprint, one in gone[:LINES])
    yield from _rest(len(gone), f"gone: {SUMMARY} has them")


def _rest(number: int, words: str) -> Iterator[str]:
    if number > LINES:
        yield f"  ... {number - LINES} more {words}"


def _order(item: tuple[str, GoneFinding]) -> tuple[int, str, int, str]:
    fingerprint, one = item
    return -_RANKS.get(one.confidence, -1), one.file, one.line, fingerprint


def _line(fingerprint: str, one: GoneFinding) -> str:
    """Where it was and what it said when it was found last, then what became of it."""
    name = f"[{'.'.join(one.obligation.split('.')[-2:])} {shortened(fingerprint)}]"
    if not one.message:
        return f"{one.file}: {one.function}() {name}: {one.reason}"
    return f"{one.file}:{one.line}: {one.confidence}: {one.message} {name}: {one.reason}"
