"""VerdictRecords -> how many findings of each kind and confidence a maintainer would take, findings in documents apart.

A finding of the kind `prototype` is about locking.rst and nearly always right; counted together with those about code, it
would hide how good these are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.corpus.records import LEVELS, VerdictRecord, Worth
from cocci_gen.scan.coverage import Coverage

#: The kind whose findings are about a document.
_DOCUMENTS = "prototype"
#: The kinds of the sums.
CODE_TOTAL, DOCUMENT_TOTAL = "all code", "all documents"
_TOTALS = (CODE_TOTAL, DOCUMENT_TOTAL)


@dataclass(frozen=True, slots=True)
class Share:
    """How many accepted findings of a kind (or of all code, of all documents) and confidence are worth what."""

    kind: str
    confidence: str
    worths: tuple[int, ...]  #: one number for each Worth, in its order

    @property
    def read(self) -> int:
        """How many were looked at."""
        return sum(self.worths)

    def count(self, worth: Worth) -> int:
        """How many are worth this much."""
        return self.worths[list(Worth).index(worth)]

    @property
    def taken(self) -> float:
        """The precision: the part that a maintainer would take."""
        return self.count(Worth.TAKEN) / self.read


def precision(records: Sequence[VerdictRecord]) -> tuple[Share, ...]:
    """The accepted findings by kind and confidence, the sums of code and of documents last."""
    accepted = [record for record in records if record.outcome == "accepted"]
    shares = []
    for kind in (*sorted({record.kind for record in accepted}), *_TOTALS):
        for level in LEVELS:
            these = [one for one in accepted if one.confidence == level and _belongs(one, kind)]
            if these:
                counts = Counter(one.worth for one in these)
                shares.append(Share(kind, level, tuple(counts[worth] for worth in Worth)))
    return tuple(shares)


def _belongs(record: VerdictRecord, kind: str) -> bool:
    if kind in _TOTALS:
        return (record.kind == _DOCUMENTS) == (kind == DOCUMENT_TOTAL)
    return record.kind == kind


def precision_to_text(tree: str, shares: Iterable[Share], covered: Coverage) -> str:
    """A table for people; of how much of the tree it speaks is said where that is known."""
    words = "".join(f"{worth.value:>13}" for worth in Worth)
    lines = [f"{tree:<20} {'confidence':<10} {'read':>5}{words}    taken"]
    for share in shares:
        numbers = "".join(f"{number:>13}" for number in share.worths)
        lines.append(f"{share.kind:<20} {share.confidence:<10} {share.read:>5}{numbers} {share.taken:8.1%}")
    if covered.named:
        lines.append(f"functions named by tables {covered.named}, examined {covered.examined} ({covered.share:.1%})")
    return "\n".join(lines)


def precision_to_json(shares: Iterable[Share]) -> dict[str, dict[str, dict[str, object]]]:
    """Kind, "all code" or "all documents" -> confidence -> how many were read, how many are worth what, and the precision."""
    data: dict[str, dict[str, dict[str, object]]] = {}
    for share in shares:
        data.setdefault(share.kind, {})[share.confidence] = {
            "read": share.read,
            **{worth.value: share.count(worth) for worth in Worth},
            "precision": round(share.taken, 4),
        }
    return data
