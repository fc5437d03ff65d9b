"""A lock that a helper gives back, and has not taken -> whether its callers hold it, and give it back behind what it tells them.

Helper and callers share one rule: behind each result either the one has given it back, or the others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Event, Exit, Outcome, Result
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.calls.neighbours import is_known_here_alone, neighbours_calling
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.lockers.closers import closing, key_of
from cocci_gen.kinds.takes.lockers.lockers import FREE, HELD, LENT, LOCKED, in_words_of_caller, places_of
from cocci_gen.kinds.takes.words.sorts import State, agreeing, what_of

#: Callers of one function that are looked at, and so many in five have to hold it.
_CALLERS, _OF_FIVE = 24, 4
#: Stops of a caller before values are merged: what it may come by is more then, never less.
_STOPS = 2_000


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
        seen = self._behind(graph, name, result)
        held = [node for number, node in enumerate(graph.nodes) if HELD in seen.at(number)]
        if any(self._takes(call, name) or call.callee in self.closers for node in held for call in node.calls):
            return {HELD, LENT}
        return {one.state for one in seen.arrivals} - {FREE}

    def _behind(self, graph: Graph, name: str, result: Result) -> Exploration:
        """The ways through a caller, from the call with a result on with the state."""

        def held(_before: str, _facts: Facts) -> Outcome:
            return Outcome((Exit(HELD, result),))

        def given_back(before: str, _facts: Facts) -> Outcome:
            return Outcome((Exit(LENT if before == HELD else before),))

        events = dict[int, tuple[Event, ...]]()
        for number, node in enumerate(graph.nodes):
            for call in node.calls:
                if call.callee == self.callee:
                    events[number] = (Event(number, call.line, call, f"{call.callee}()", held),)
                elif self._gives_back(call, name):
                    events[number] = (Event(number, call.line, call, f"{call.callee}()", given_back),)
        return explore(Question(graph, LOCKED, events, FREE, limit=_STOPS, agreeing=agreeing(graph)))

    def _gives_back(self, call: Call, name: str) -> bool:
        return call.callee in self.state.release and what_of(call) == name

    def _takes(self, call: Call, name: str) -> bool:
        return self.state.takes(call) and what_of(call) == name


def entrusted_to(definition: Definition, graph: Graph, state: State, index: KernelIndex) -> Iterator[Entrusted]:
    """What a helper gives back that it has not taken, and its callers hold; nothing of one that others may call."""
    names = sorted(_given_up(graph, state))
    if not names or index.entries_naming(definition.name) or not is_known_here_alone(definition, index):
        return
    index.reads_callers_in_folder(definition, definition.name)
    callers = [index.graph(one) for one in islice(neighbours_calling(definition, index), _CALLERS)]
    whole = [one for one in callers if one is not None and one.whole]
    if not 0 < len(callers) < _CALLERS or len(whole) < len(callers):
        return
    for name in names:
        places = places_of(graph, [name])
        held = [(one, own) for one in whole for own in _held_by(one, places, graph, state)]
        if held and 5 * len({id(one) for one, _ in held}) >= _OF_FIVE * len(whole):
            closers = closing(definition, state, key_of(f"&{name}"), index) - {definition.name}
            yield Entrusted(name, definition.name, state, tuple(held), closers)


def _given_up(graph: Graph, state: State) -> set[str]:
    """The expressions that a function gives back on a way on which it has not taken them."""
    ends = {
        n: what_of(call) for n, node in enumerate(graph.nodes) for call in node.calls if call.callee in state.release
    }
    found = set[str]()
    for name in set(ends.values()) - {""}:
        takes = {
            n for n, node in enumerate(graph.nodes) if any(state.takes(c) and what_of(c) == name for c in node.calls)
        }
        ahead = graph.behind((0,), takes) - takes
        found |= {name for n, one in ends.items() if one == name and n in ahead}
    return found


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
    takes, ends = set[int](), set[int]()
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if what_of(call) == name and state.takes(call):
                takes.add(number)
            elif what_of(call) == name and call.callee in state.release:
                ends.add(number)
    return frozenset(graph.behind(takes, ends))
