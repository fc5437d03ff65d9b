"""A Field, what can be broken and how it is examined -> Sample, the mutants and twins drawn from it.

A field says which subjects it has, how each can be broken, and what is reported about it then.  What is drawn from it is decided
by chance, without a look at what the rule says of the subject.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.corpus.records import VerdictRecord
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Confidence
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.pipeline import ScanOptions

Progress = Callable[[str, int, int], None]

SURE = (Confidence.HIGH, Confidence.MODERATE)
#: Breaks of one subject that are looked at, so that a long function does not outweigh the others.
_EACH = 3


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken contract and what came of it: the best confidence with which it was found ("" when it was not), whether a fix
    leaves things as the unbroken function does ("" when there is none and none was to be expected, else "yes" or why not), and
    what was said of what is right.

    `told` is why it was not examined, for one that was not found; `harm` tells what fixes leave that neither the unbroken nor
    the broken function leaves so.
    """

    kind: str
    method: str
    path: str
    function: str
    words: str
    deep: bool
    found: str
    restored: str
    alarms: tuple[str, ...] = ()
    told: str = ""
    harm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnbrokenTwin:
    """An unbroken subject, and the sure findings about it that nobody has confirmed."""

    kind: str
    method: str
    path: str
    function: str
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """What every mutant is examined with; `records` are verdicts of people on this kernel."""

    tree: KernelTree
    index: KernelIndex
    runner: SpatchRunner
    options: ScanOptions
    records: tuple[VerdictRecord, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The mutants and twins of one field."""

    mutants: tuple[Mutant, ...]
    twins: tuple[UnbrokenTwin, ...]


class Broken(Protocol):
    """One way to break a subject."""

    @property
    def deep(self) -> bool:
        """Whether the edit is one call deep."""
        ...


S = TypeVar("S")
B = TypeVar("B", bound=Broken)
K = TypeVar("K")


class MutantField(Protocol[S, B, K]):
    """Subjects of one kind of obligation; `known` is what a field remembers of an unbroken subject."""

    def subjects(self) -> Sequence[S]:
        """The subjects, in the order in which they are tried."""
        ...

    def breaks(self, subject: S) -> Sequence[B]:
        """The ways to break a subject that no other subject has shown yet."""
        ...

    def twin(self, subject: S) -> tuple[UnbrokenTwin, K] | None:
        """The unbroken subject; None when people have found it broken."""
        ...

    def mutant(self, subject: S, one: B, known: K) -> Mutant | None:
        """What came of one break; None when something is reported already of what it would break."""
        ...


def sample(
    field: MutantField[S, B, K], label: str, chance: random.Random, count: int, progress: Progress = lambda *_: None
) -> Sample:
    """Up to `count` mutants of subjects themselves, and as many one call deep."""
    mutants: list[Mutant] = []
    twins: list[UnbrokenTwin] = []
    made = {False: 0, True: 0}
    for subject in field.subjects():
        if min(made.values()) >= count:
            break
        wanted = _drawn(field.breaks(subject), chance, {deep: count - number for deep, number in made.items()})
        found = field.twin(subject) if wanted else None
        if found is None:
            continue
        twin, known = found
        mine = [mutant for one in wanted if (mutant := field.mutant(subject, one, known)) is not None]
        for mutant in mine:
            made[mutant.deep] += 1
        mutants += mine
        twins.append(replace(twin, alarms=(*twin.alarms, *(alarm for mutant in mine for alarm in mutant.alarms))))
        progress(f"mutants of {label}", sum(made.values()), 2 * count)
    progress(f"mutants of {label}", 2 * count, 2 * count)
    return Sample(tuple(mutants), tuple(twins))


def _drawn(breaks: Sequence[B], chance: random.Random, room: dict[bool, int]) -> list[B]:
    drawn: list[B] = []
    for deep in (False, True):
        these = [one for one in breaks if one.deep == deep]
        drawn += chance.sample(these, max(0, min(len(these), _EACH, room[deep])))
    return drawn
