"""Readings -> the duties that another method took over.

->writepage left the document, and with it the only words about what is owed for a page whose dirty bit was cleared.  The code
lives on in ->writepages: loops over writeback_iter(), and callbacks.  Nothing else of the document says it, so the duty is
bound there, with what the document does say of ->writepages as its source, and the obligation tells that its row is gone.

Hardly a file system has ->remount_fs, and the newest documents have no row for it: fs_context_operations took over, whose
->reconfigure is called with the same lock.  Without the row, what a document beside says of ->reconfigure is its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cocci_gen.document.obligations import PROSE, Obligation, Reading, RuleSource
from cocci_gen.document.readings import Mode

#: The mode of an obligation for each folio that a method is handed, and not for one of its parameters.
PER_FOLIO = Mode.PER_FOLIO

_STRUCT, _LOST, _HEIR = "address_space_operations", "writepage", "writepages"
#: What is owed for each folio: who lets go of one without the first loses what it holds, and nobody else does the second.
_KINDS = ("writeback", "unlocks")


@dataclass(frozen=True, slots=True)
class _TakenOver:
    """A method whose lock is held for its heir too, a method of another structure."""

    struct: str
    method: str
    heir: tuple[str, str]
    resource: str
    mode: Mode


_TAKEN_OVER = (
    _TakenOver("super_operations", "remount_fs", ("fs_context_operations", "reconfigure"), "s_umount", Mode.EXCLUSIVE),
)


def successors(found: Iterable[Reading], beside: Iterable[Reading] = ()) -> Iterator[Obligation]:
    """The duties of this document that are bound to another method beside their own, or in place of it.

    `beside` are the readings of the documents beside it, which speak of a method whose predecessor has lost its row.
    """
    readings, others = tuple(found), tuple(beside)
    yield from _per_folio(readings)
    for one in _TAKEN_OVER:
        yield from _locked_as_before(one, readings, others)


def _locked_as_before(one: _TakenOver, found: tuple[Reading, ...], beside: tuple[Reading, ...]) -> Iterator[Obligation]:
    """The lock that the caller of the heir holds, as the row of its predecessor has it, or once had it."""
    struct, method = one.heir
    own = [reading for reading in found if (reading.struct, reading.method) == (one.struct, one.method)]
    for reading in own:
        if isinstance(reading, Obligation) and reading.kind == "no_relock":
            yield replace(reading, struct=struct, method=method)
    about = [reading for reading in beside if (reading.struct, reading.method) == one.heir]
    if about and not own:
        best = min(about, key=lambda reading: reading.source.line)
        yield Obligation(
            struct, method, "no_relock", one.resource, PROSE, best.text, best.source, one.mode, _gone(one.method)
        )


def lost_row(obligation: Obligation) -> str:
    """The method whose row the document has lost, where the obligation outlives it; "" else."""
    methods = (_LOST, *(one.method for one in _TAKEN_OVER))
    return next((method for method in methods if obligation.condition == _gone(method)), "")


def _gone(method: str) -> str:
    return f"the document has no row for ->{method} any more"


def _per_folio(found: Iterable[Reading]) -> Iterator[Obligation]:
    """What ->writepage owed, for each folio that ->writepages is handed.

    With the row of ->writepage, its duty holds for each folio of ->writepages too; without it, `condition` says so.
    """
    readings = [one for one in found if one.struct == _STRUCT]
    for kind in _KINDS:
        own = [one for one in readings if isinstance(one, Obligation) and (one.method, one.kind) == (_LOST, kind)]
        about = [one for one in readings if one.method == _HEIR]
        if own:
            yield _bound(kind, own[0].source, own[0].text, "")
        elif about:
            best = min(about, key=_telling)
            yield _bound(kind, best.source, best.text, _gone(_LOST))


def _telling(reading: Reading) -> tuple[bool, bool, int]:
    """A sentence that speaks of I/O first, then any sentence, then the row and the prototype."""
    return "I/O" not in reading.text, reading.column != PROSE, reading.source.line


def _bound(kind: str, source: RuleSource, text: str, condition: str) -> Obligation:
    return Obligation(_STRUCT, _HEIR, kind, "folio", PROSE, text, source, PER_FOLIO, condition)
