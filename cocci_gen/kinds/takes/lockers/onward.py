"""A helper -> all who call it, and how they go on behind a result of it, with a lock that is held by then."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Event, Exit, Outcome, Result
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.calls.neighbours import is_known_here_alone, neighbours_calling
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.lockers.lockers import FREE, HELD, LENT, LOCKED
from cocci_gen.kinds.takes.words.sorts import agreeing

#: Callers of one function that are looked at.
_CALLERS = 24
#: Stops of a caller before values are merged: what it may come by is more then, never less.
_STOPS = 2_000


def all_callers(helper: Definition, index: KernelIndex) -> tuple[Definition, ...]:
    """Those who call a function; () of one that has none, or too many, or that others may call whom nobody knows."""
    index.reads_callers_in_folder(helper, helper.name)
    callers = tuple(islice(neighbours_calling(helper, index), _CALLERS))
    if len(callers) == _CALLERS or index.entries_naming(helper.name) or not is_known_here_alone(helper, index):
        return ()
    return callers


def ways_behind(
    graph: Graph, callee: str, result: Result, ends: Callable[[Call], bool] = lambda _call: False
) -> Exploration | None:
    """The ways through a caller on which a call comes back with a result and the lock, HELD from there on, and LENT behind what
    `ends` it; None where no step makes the call."""

    def held(_before: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(HELD, result),))

    def given_back(before: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(LENT if before == HELD else before),))

    events = dict[int, tuple[Event, ...]]()
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if call.callee == callee or ends(call):
                comes_to = held if call.callee == callee else given_back
                events[number] = (Event(number, call.line, call, f"{call.callee}()", comes_to),)
    if not any(one.call is not None and one.call.callee == callee for (one,) in events.values()):
        return None
    return explore(Question(graph, LOCKED, events, FREE, limit=_STOPS, agreeing=agreeing(graph)))
