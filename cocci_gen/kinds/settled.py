"""Helper, a function that no table names and that a rule read because a method leads to it, and what came of that.

A helper in which nothing is wrong has no finding, no standing and no line of `unexamined.jsonl`: it would pass for one that
nobody has looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared


@dataclass(frozen=True, slots=True)
class Helper:
    """A function under the obligation that came to it first, `through` what leads there from the method, and what it does about
    it in words."""

    obligation: str
    path: str
    function: str
    line: int
    reason: str
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Settled:
    """The helpers of one tree that are settled so far."""

    index: KernelIndex
    known: list[Helper] = field(default_factory=list)


def note_settled(
    obligation: Obligation, found: Iterable[tuple[Definition, tuple[Step, ...], str]], index: KernelIndex
) -> None:
    """Remember helpers (the function, how it is come to, and what it does) in which an obligation found nothing wrong."""
    shared(index, _Settled).known.extend(
        Helper(obligation.id, one.path, one.name, one.span.line, why, tuple(step.note for step in chain))
        for one, chain, why in found
    )


def in_order(helpers: Iterable[Helper]) -> tuple[Helper, ...]:
    """Helpers as a run lists them: by file and line."""
    return tuple(sorted(helpers, key=lambda one: (one.path, one.line, one.function, one.obligation)))


def settled_helpers(index: KernelIndex) -> Iterator[Helper]:
    """All of a tree, each once."""
    yield from dict.fromkeys(shared(index, _Settled).known)
