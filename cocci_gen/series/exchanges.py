"""PatchPlan -> Exchange: the same one word for the same other one, in the trees of several maintainers.

People look through such patches together and answer once for all; each can still be taken through its own tree.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cocci_gen.findings.findings import Edit
    from cocci_gen.series.plans import PatchPlan

#: In fewer sections than this, a change is the affair of each.
FEWEST_SECTIONS = 3
_TOKEN = re.compile(rb"\w+|[^\s\w]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """The word that goes from every changed line of a patch, and the one that comes in its place."""

    kind: str
    gone: str
    come: str

    @property
    def title(self) -> str:
        """What the series is called where others bear the title of their section."""
        return f"several sections: {self.come} for {self.gone}"


def exchanges(sections: Mapping[str, Sequence[PatchPlan]]) -> dict[Exchange, list[PatchPlan]]:
    """The patches of each section by its title -> those that make one series across sections, by what they exchange."""
    found: dict[Exchange, dict[str, list[PatchPlan]]] = defaultdict(lambda: defaultdict(list))
    for title, patches in sections.items():
        for plan in _alone_in_their_files(patches):
            if one := _exchange(plan):
                found[one][title].append(plan)
    return {
        one: [plan for plans in by_title.values() for plan in plans]
        for one, by_title in found.items()
        if len(by_title) >= FEWEST_SECTIONS
    }


def _alone_in_their_files(patches: Sequence[PatchPlan]) -> Iterable[PatchPlan]:
    """The patches that no other builds upon, and that build upon none: their order is free."""
    touching = Counter(file.path for plan in patches for file in plan.files)
    return (plan for plan in patches if all(touching[file.path] == 1 for file in plan.files))


def _exchange(plan: PatchPlan) -> Exchange | None:
    """What a patch exchanges, if it does nothing else."""
    swaps = {swap for _, edits in plan.edits for edit in edits for swap in _swaps(edit)}
    [swap, *others] = swaps or {None}
    return None if others or swap is None else Exchange(plan.kind, *(word.decode() for word in swap))


def _swaps(edit: Edit) -> Iterable[tuple[bytes, bytes] | None]:
    """The two words of each changed line; None for a line that changes otherwise."""
    if len(edit.old) != len(edit.new):
        return [None]
    return [_swap(_TOKEN.findall(old), _TOKEN.findall(new)) for old, new in zip(edit.old, edit.new, strict=True)]


def _swap(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Two lines as tokens -> the one word in which they differ."""
    pairs = [(one, other) for one, other in zip(old, new, strict=False) if one != other]
    named = all(word.isascii() and word.decode().isidentifier() for pair in pairs for word in pair)
    return pairs[0] if len(old) == len(new) and len(pairs) == 1 and named else None
