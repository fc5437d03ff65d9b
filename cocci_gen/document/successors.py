"""Readings -> the duties that another method took over.

->writepage left the document, and with it the only words about what is owed for a page whose dirty bit was cleared.  The code
lives on in ->writepages: loops over writeback_iter(), and callbacks.  Nothing else of the document says it, so the duty is
bound there, with what the document does say of ->writepages as its source, and the obligation tells that its row is gone.

->remount_fs has a row still, and hardly a file system has the method: fs_context_operations took over, whose ->reconfigure is
called with the same lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cocci_gen.document.obligations import PROSE, Obligation, Reading, RuleSource
from cocci_gen.document.readings import Mode

#: The mode of an obligation for each folio that a method is handed, and not for one of its parameters.
PER_FOLIO = Mode.PER_FOLIO

_STRUCT, _LOST, _HEIR = "address_space_operations", "writepage", "writepages"
#: What is owed for each folio: who lets go of one without the first loses what it holds, and nobody else does the second.
_KINDS = ("writeback", "unlocks")
_GONE = "the document has no row for ->writepage any more"


#: Kinds about a lock of the caller that go over with a method: (structure, method) -> the one that took over.
_TAKEN_OVER = {("super_operations", "remount_fs"): ("fs_context_operations", "reconfigure")}


def successors(found: Iterable[Reading]) -> Iterator[Obligation]:
    """The duties of this document that are bound to another method beside their own, or in place of it."""
    readings = tuple(found)
    yield from _per_folio(readings)
    for one in readings:
        heir = _TAKEN_OVER.get((one.struct, one.method))
        if heir and isinstance(one, Obligation) and one.kind == "no_relock":
            yield replace(one, struct=heir[0], method=heir[1])


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
            yield _bound(kind, best.source, best.text, _GONE)


def _telling(reading: Reading) -> tuple[bool, bool, int]:
    """A sentence that speaks of I/O first, then any sentence, then the row and the prototype."""
    return "I/O" not in reading.text, reading.column != PROSE, reading.source.line


def _bound(kind: str, source: RuleSource, text: str, condition: str) -> Obligation:
    return Obligation(_STRUCT, _HEIR, kind, "folio", PROSE, text, source, PER_FOLIO, condition)
