"""EntrustedHolding, what the callers of a helper hold when they call it, and it gives back on some way: where it fails, either it
has given it back, or they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cache

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration, Wronged
from cocci_gen.code.searches.machines import Result
from cocci_gen.code.searches.search import Question
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.holdings.holding import fails
from cocci_gen.kinds.takes.holdings.locked import StateHolding
from cocci_gen.kinds.takes.holdings.states import given_holding
from cocci_gen.kinds.takes.lockers.entrusted import entrusted_to
from cocci_gen.kinds.takes.words.sorts import State


@dataclass(frozen=True, slots=True)
class EntrustedHolding(StateHolding):
    """What callers hold, of whom `given_back_by_all` asks whether they give it back behind a result."""

    given_back_by_all: Callable[[Result], bool] = field(default=lambda _result: False, compare=False, repr=False)

    def question(self) -> Question:
        """What is searched: every way through the function, which is come to with it held."""
        return replace(super(EntrustedHolding, self).question(), state="owed")

    def settled(self) -> bool:
        """Whether nothing can be wrong: only a search can tell."""
        return False

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first failing way that keeps it where no caller gives it back behind that, or has given it back
        where they do."""
        if seen.merged:
            return ()
        return seen.firsts(lambda one: self.is_gone(one) if self._tells_nothing(seen) else self._is_wrong(seen, one))

    def _tells_nothing(self, seen: Exploration) -> bool:
        """Whether nobody can tell the ways that have given it back from those that have not: nothing is returned."""
        return self.graph.returns == "void" and any(one.state == "owed" for one in seen.arrivals)

    def _is_wrong(self, seen: Exploration, kept: Arrival) -> bool:
        return fails(self.graph, kept) and (self._is_left(seen, kept) or self.is_gone(kept))

    def _is_left(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether a way keeps what another one gives back, and callers leave it behind that: who only lets others in for a while
        has it for those above his callers as well."""
        back = any(one.state == "back" for one in seen.arrivals)
        return kept.state == "owed" and back and self.left_by_all(kept.result)

    def is_gone(self, arrival: Arrival) -> bool:
        """Whether a way has given back what the callers give back behind it."""
        return arrival.state == "back" and self.given_back_by_all(arrival.result)

    def forgotten(self, seen: Exploration) -> tuple[Arrival, ...]:  # noqa: ARG002 - who does not fail is told by callers
        """Nothing: what a helper leaves where it does not fail they know of."""
        return ()

    def twice(self, seen: Exploration) -> tuple[Wronged, ...]:  # noqa: ARG002 - asked of what the function takes itself
        """Nothing: what is taken once more, or given back, is told of as a holding of the function itself."""
        return ()

    def asleep(self, seen: Exploration) -> tuple[Wronged, ...]:  # noqa: ARG002 - asked of what the function takes itself
        """Nothing: the same."""
        return ()

    def unsure_of(self, seen: Exploration) -> tuple[str, ...]:  # noqa: ARG002 - no row says that they do
        """What speaks against a return: who holds it is not the function."""
        return (f"that the callers of {self.graph.name}() hold it is read out of what they do",)


def entrusted_holdings(
    definition: Definition, graph: Graph, state: State, index: KernelIndex
) -> Iterator[EntrustedHolding]:
    """One for each expression that a helper gives back for its callers."""
    for one in entrusted_to(definition, graph, state, index):
        ends = next(c for c in graph.calls() if c.callee in state.release)
        plain = given_holding(graph, definition.path, state, index, one.name)
        known = {each.name: getattr(plain, each.name) for each in fields(plain)}
        # It is come to with it: the entry takes, as the releases name it.
        known |= {"takers": ((0, ends), *plain.takers), "left_by_all": cache(one.is_left)}
        yield EntrustedHolding(**known, given_back_by_all=cache(one.is_given_back))
