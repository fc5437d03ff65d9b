"""A return that hands on what a call returns, `return fill(page);` -> the step of that call.

A callee that fails and leaves the page as it is fails for who called it as well, who does nothing any more.  Only ways on which
it has done nothing at all to the page count, whatever a later one may do: those who call it cannot tell the two apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Call, Node, encloses
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.searches.results import is_call
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, sound
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, given_places
from cocci_gen.facts.pages.summaries import STOPS, summaries
from cocci_gen.kinds.handovers.over import OVER
from cocci_gen.kinds.handovers.takings import Thing

_OWED = "owed"


def tails(thing: Thing) -> tuple[Event, ...]:
    """The returns whose call may fail with the thing as it was, each as the step that the call is."""
    if thing.contract.outcome != "errno":
        return ()
    found = (_step(thing, number, node) for number, node in enumerate(thing.graph.nodes) if node.kind == "return")
    return tuple(event for event in found if event is not None)


def _step(thing: Thing, number: int, node: Node) -> Event | None:
    call = next((one for one in node.calls if one.direct and _is_all(node.returned, one)), None)
    exits = tuple(sorted(set(_exits(thing, call)))) if call is not None else ()
    if call is None or not any(one.state == _OWED and one.result.signs == NEGATIVE for one in exits):
        return None
    return Event(number, call.line, call, f"{call.callee}()", lambda _state, _facts: Outcome(exits))


def _is_all(text: str, call: Call) -> bool:
    """Whether an expression is the call and no more."""
    return is_call(text, call) and encloses(text[text.index("(") :])


def _exits(thing: Thing, call: Call) -> Iterator[Exit]:
    """Where a callee ends that is given the thing with its lock and reference; nothing where that is not to be seen."""
    index, path = thing.facts.index, thing.taker.path
    places = given_places(call.arguments, thing.names, call_vocabulary())
    definitions = index.resolve(call.callee, path)
    graph = index.graph(definitions[0]) if len(definitions) == len(places) == 1 else None
    name = places[0].name(graph) if graph is not None else ""
    if graph is None or not graph.whole or not name:
        return
    steps = summaries(thing.facts.effects, OVER).events(graph, definitions[0].path, aliases(graph, name), name)
    known = (*(one for one in given_to(graph, call.arguments) if one[0] != name), *sound(name))
    seen = explore(Question(graph, OVER, steps, _OWED, known=known, limit=STOPS))
    if not seen.merged:
        yield from (Exit(one.state, one.result) for one in seen.arrivals)
