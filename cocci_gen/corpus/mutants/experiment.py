"""KernelTree x seed -> Experiment, how many broken contracts the rules find and how many they mend.

What is right in the tree is broken one contract at a time, at run time: its methods (`method_mutants`), its callers
(`caller_mutants`) and its locking.rst (`document_mutants`), each with unbroken twins.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen.corpus.mutants.breaks import BREAKS
from cocci_gen.corpus.mutants.callers import CallerField
from cocci_gen.corpus.mutants.documents import DocumentField
from cocci_gen.corpus.mutants.methods import MethodField
from cocci_gen.corpus.mutants.samples import Bench, Mutant, Progress, Sample, UnbrokenTwin, sample
from cocci_gen.document.obligations import WITHOUT_TEMPLATE, Obligation
from cocci_gen.kinds.locks.callers import CallerRule
from cocci_gen.kinds.registry import RULES

__all__ = ["Bench", "Experiment", "Mutant", "UnbrokenTwin", "experiment"]


@dataclass(frozen=True, slots=True)
class Experiment:
    """All mutants and twins of one run; `without` tells of the kinds that have none."""

    commit: str
    seed: int
    mutants: tuple[Mutant, ...]
    twins: tuple[UnbrokenTwin, ...]
    without: tuple[tuple[str, str], ...]


def experiment(
    bench: Bench, chosen: Sequence[Obligation], seed: int, count: int, progress: Progress = lambda *_: None
) -> Experiment:
    """Up to `count` direct mutants, and as many one call deep, of every kind of the chosen obligations."""
    mutants: list[Mutant] = []
    twins: list[UnbrokenTwin] = []
    without: list[tuple[str, str]] = []
    for kind in dict.fromkeys(obligation.kind for obligation in chosen):
        obligations = [obligation for obligation in chosen if obligation.kind == kind]
        drawn = _sample(bench, obligations, random.Random(f"{seed} {kind}"), count, progress)
        mutants += drawn.mutants
        twins += drawn.twins
        if not drawn.mutants:
            without.append((kind, "nothing in this tree can be broken so"))
    return Experiment(bench.tree.commit, seed, tuple(mutants), tuple(twins), tuple(without))


def _sample(
    bench: Bench, obligations: Sequence[Obligation], chance: random.Random, count: int, progress: Progress
) -> Sample:
    """The sample of one kind, from the field that its rules belong to."""
    kind = obligations[0].kind
    if kind in WITHOUT_TEMPLATE:
        return sample(DocumentField(bench, obligations, chance), kind, chance, count, progress)
    if any(type(rule) in BREAKS for rule in RULES.get(kind, ())):
        return sample(MethodField(bench, obligations, chance), kind, chance, count, progress)
    if any(isinstance(rule, CallerRule) for rule in RULES[kind]):
        return sample(CallerField(bench, obligations, chance), kind, chance, count, progress)
    return Sample((), ())
