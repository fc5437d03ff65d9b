"""A lock that a helper gives back, and has not taken -> whether its callers hold it, and give it back behind what it tells them.

Helper and callers share one rule: behind each result either the one has given it back, or the others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Result
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.lockers.closers import closing, key_of
from cocci_gen.kinds.takes.lockers.lockers import FREE, HELD, LENT, in_words_of_caller, places_of
from cocci_gen.kinds.takes.lockers.onward import all_callers, ways_behind
from cocci_gen.kinds.takes.words.sorts import State, what_of

#: So many in five callers have to hold it.
_OF_FIVE = 4


@dataclass(frozen=True, slots=True)
class Entrusted:
    """An expression of a helper the state of which its callers hold, these, each with what they call it, and the functions that
    may give it back for them."""

    name: str
    callee: str
    state: State
    callers: tuple[tuple[Graph, str], ...]
    closers: frozenset[str]

    def is_given_back(self, result: Result) -> bool:
        """Whether the callers give it back behind a result, on whatever way."""
        return self._all_end({LENT}, result)

    def is_left(self, result: Result) -> bool:
        """Whether the callers leave it behind a result, on whatever way."""
        return self._all_end({HELD}, result)

    def _all_end(self, wanted: set[str], result: Result) -> bool:
        """Whether nearly all callers that go on with a result end so."""
        ends = [found for found in (self._ends(*one, result) for one in self.callers) if found]
        return 5 * ends.count(wanted) >= _OF_FIVE * len(ends) > 0

    def _ends(self, graph: Graph, name: str, result: Result) -> set[str]:
        """How the ways of a caller end that come by the call with a result: HELD, or LENT where it has given it back behind that.
        Both where it takes it again, for it knows that it is gone, or calls what may give it back."""
        seen = ways_behind(graph, self.callee, result, lambda call: self._gives_back(call, name))
        if seen is None:
            return set()
        held = [node for number, node in enumerate(graph.nodes) if HELD in seen.at(number)]
        if any(self._takes(call, name) or call.callee in self.closers for node in held for call in node.calls):
            return {HELD, LENT}
        return {one.state for one in seen.arrivals} - {FREE}

    def _gives_back(self, call: Call, name: str) -> bool:
        return call.callee in self.state.release and what_of(call) == name

    def _takes(self, call: Call, name: str) -> bool:
        return self.state.takes(call) and what_of(call) == name


def entrusted_to(definition: Definition, graph: Graph, state: State, index: KernelIndex) -> Iterator[Entrusted]:
    """What a helper gives back that it has not taken, and its callers hold; nothing of one that others may call."""
    names = sorted(_given_up(graph, state))
    callers = [index.graph(one) for one in all_callers(definition, index)] if names else []
    whole = [one for one in callers if one is not None and one.whole]
    if len(whole) < len(callers):
        return
    for name in names:
        places = places_of(graph, [name])
        held = [(one, own) for one in whole for own in _held_by(one, places, graph, state)]
        if held and 5 * len({id(one) for one, _ in held}) >= _OF_FIVE * len(whole):
            closers = closing(definition, state, key_of(f"&{name}"), index) - {definition.name}
            yield Entrusted(name, definition.name, state, tuple(held), closers)


def _given_up(graph: Graph, state: State) -> set[str]:
    """The expressions that a function gives back on a way on which it has not taken them."""
    found = set[str]()
    for name in {what_of(call) for call in graph.calls() if call.callee in state.release} - {""}:
        takes, ends = _steps(graph, name, state)
        if not ends.isdisjoint(graph.behind((0,), takes) - takes):
            found.add(name)
    return found


def _steps(graph: Graph, name: str, state: State) -> tuple[set[int], set[int]]:
    """The steps by which a function takes the state of an expression, and by which it gives that back."""
    takes, ends = set[int](), set[int]()
    for number, node in enumerate(graph.nodes):
        about = [call for call in node.calls if what_of(call) == name]
        takes |= {number for call in about if state.takes(call)}
        ends |= {number for call in about if call.callee in state.release}
    return takes, ends


def _held_by(caller: Graph, places: tuple[str, ...], helper: Graph, state: State) -> Iterator[str]:
    """What a caller calls it that has taken it when it calls a helper, and not given it back."""
    for number, node in enumerate(caller.nodes):
        for call in node.calls:
            if call.callee != helper.name:
                continue
            given = {one.name: text for one, text in zip(helper.parameters, call.arguments, strict=False)}
            for own in (in_words_of_caller(place, given).removeprefix("&") for place in places):
                if own and number in _holding(caller, own, state):
                    yield own


def _holding(graph: Graph, name: str, state: State) -> frozenset[int]:
    """The steps that a way comes to from where a function takes something, past every release of that."""
    takes, ends = _steps(graph, name, state)
    return graph.behind(takes, ends)
