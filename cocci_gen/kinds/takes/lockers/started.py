"""A call that is given what is locked -> whether it may start I/O that ends the lock.

Few of those that are given a buffer do: who reads its state, or enters it in a journal, leaves it locked.  Who is followed
whole, and neither ends it nor keeps it where somebody else finds it, has started nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.lockers.closers import ended_in
from cocci_gen.kinds.takes.words.behind import call_meant
from cocci_gen.kinds.takes.words.sorts import State, member_of


class _Given(NamedTuple):
    definition: Definition
    place: int
    sort: str


@dataclass(frozen=True, slots=True)
class Starters:
    """What the functions of one tree may start of what they are given; every answer is remembered."""

    index: KernelIndex
    _known: dict[_Given, bool] = field(default_factory=dict, compare=False, repr=False)

    def may_end(self, call: Call, path: str, state: State, names: Collection[str]) -> bool:
        """Whether a call in a file that is given what is locked, under one of its names, may come back while that is ended."""
        if not state.may_be_ended_by(call, names):
            return False
        if state.thing.kept != "locked":  # what a page under writeback is put into is submitted by somebody else
            return True
        meant = call_meant(call, path, self.index)
        places = [at for at, text in enumerate(meant.arguments) if text in names]
        every = self.index.resolve(meant.callee, path) if meant.direct else ()
        if not places or not every:
            return True
        return any(self._ends(one, at, state) for one in every for at in places)

    def _ends(self, one: Definition, place: int, state: State) -> bool:
        key = _Given(one, place, state.thing.name)
        if key not in self._known:
            self._known[key] = True  # what calls itself is not followed, whoever asks first
            self._known[key] = self._look(one, place, state)
        return self._known[key]

    def _look(self, one: Definition, place: int, state: State) -> bool:
        graph = self.index.graph(one)
        if graph is None or not graph.whole or place >= len(graph.parameters):
            return True
        names = _names_of(graph.parameters[place].name, graph)
        kept = [step.left for step in graph.assignments() if _is_kept(step, names)]
        if any("[" in place or ended_in(member_of(place), one, state, self.index) for place in kept):
            return True  # what is put aside with others waits for a later round
        if any(_is_given_a_part(call, names) for call in graph.calls()):
            return True
        given = [call for call in graph.calls() if not names.isdisjoint(call.arguments)]
        return any(call.callee in state.release or self.may_end(call, one.path, state, names) for call in given)


def _names_of(name: str, graph: Graph) -> frozenset[str]:
    """The variables of a function that stand for what one of its parameters does."""
    copied = {step.left for step in graph.assignments() if step.right == name and step.left.isidentifier()}
    return frozenset({name, *copied})


def _is_given_a_part(call: Call, names: Collection[str]) -> bool:
    """Whether a call is given what one of the names leads to: I/O is begun of the page of a buffer, too."""
    parts = (text.partition("->") for text in call.arguments)
    return not call_vocabulary().is_neutral(call.callee) and any(base in names for base, arrow, _ in parts if arrow)


def _is_kept(step: Assignment, names: Collection[str]) -> bool:
    """Whether a step puts one of the names where others find it."""
    return step.right in names and not step.left.isidentifier()


def starters_of(index: KernelIndex) -> Starters:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Starters)
