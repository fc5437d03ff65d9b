"""The chosen obligations -> the order in which they are asked about, while a second process looks at functions for some of them.

The rule `gives_back` looks at so many functions as all others together, and at each of them alone: folder by folder, as what is
known of a folder is known of all its functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.tree.workers import Second, may_fork
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.suspects import Rule
from cocci_gen.kinds.takes.judged.bound import Bound, bind
from cocci_gen.kinds.takes.looks import Look, looks_of
from cocci_gen.kinds.takes.rule import GivesBackRule, TakeDuty, functions_to_look_at, look_ahead

#: Fewer functions than these are looked at sooner than a process is begun.
FEW = 2000

#: The functions of one folder, each under an obligation that binds it.
_Task = list[tuple[Obligation, Bound]]


@dataclass(frozen=True, slots=True)
class Order:
    """The obligations by number, as they are to be asked about."""

    chosen: Sequence[Obligation]
    facts: TreeFacts
    late: frozenset[int] = frozenset()
    tasks: Sequence[_Task] = ()
    second: Second[_Task, tuple[Look[TakeDuty] | None, ...]] | None = field(default=None, repr=False)

    @staticmethod
    def rules(obligation: Obligation) -> tuple[Rule[Any], ...]:
        """The rules of an obligation."""
        return RULES.get(obligation.kind, ())

    @property
    def order(self) -> Iterator[int]:
        """The numbers of the obligations: first those that nobody looks ahead for, then those for which somebody has."""
        for number in range(len(self.chosen)):
            if number not in self.late:
                yield number
                if self.second is not None:
                    self.second.listen()
        if self.second is not None:
            known = looks_of(self.facts.index)
            for task, looks in zip(self.tasks, self.second.results(), strict=True):
                known.take((asked, one.definition, look) for (asked, one), look in zip(task, looks, strict=True))
        yield from sorted(self.late)


@contextmanager
def looking_ahead(chosen: Sequence[Obligation], facts: TreeFacts, processes: int, few: int = FEW) -> Iterator[Order]:
    """The order, while a second process works where there are to be several and there is enough to do."""
    late = frozenset(n for n, one in enumerate(chosen) if _takes(RULES.get(one.kind, ())))
    bind([chosen[number] for number in sorted(late)], facts)
    if processes < 2 or not may_fork():
        yield Order(chosen, facts)
        return
    folders: dict[str, _Task] = {}
    for obligation, one in functions_to_look_at([chosen[number] for number in sorted(late)], facts):
        folders.setdefault(one.definition.folder, []).append((obligation, one))
    tasks = [folders[folder] for folder in sorted(folders)]
    if sum(map(len, tasks)) < few:
        yield Order(chosen, facts)
        return
    second = Second(tasks, lambda task: look_ahead(task, facts))
    facts.index.save()
    with second.working(facts.index.part, facts.index.save):
        yield Order(chosen, facts, late, tasks, second)


def _takes(rules: Sequence[Rule[Any]]) -> bool:
    return any(isinstance(rule, GivesBackRule) for rule in rules)
