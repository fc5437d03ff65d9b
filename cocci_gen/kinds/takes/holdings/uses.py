"""A function and the names of a thing -> the steps that look into it, which nobody may who has given it back.

What is only compared, told of in a log or asked whether it is an error pointer is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.kinds.takes.words.things import Thing

#: Says of a step that it looks into a thing that is gone.
USED = "looked into behind its release"
#: The mark of such a step.
USE = "use"
#: Calls down from a callee that what it is given is followed.
_DEPTH = 2
_MACRO = re.compile(r"[A-Z_]+")


def uses(
    graph: Graph,
    path: str,
    effects: Effects,
    thing: Thing,
    names: Collection[str],
    events: Mapping[int, Iterable[Event]],
) -> Iterator[Event]:
    """The steps of a function that look into a thing by one of its names, in nodes that do nothing else with it; what is wrong
    with one names the thing as the step does."""
    plain = sorted(one for one in names if one.isidentifier())
    if not plain:
        return
    led = re.compile(rf"(?<![\w.>&])(?:{'|'.join(plain)})->")
    for number, node in enumerate(graph.nodes):
        if any(map(_moves, events.get(number, ()))) or not node.text:
            continue
        if found := led.search(node.text):
            yield _use(number, node, None, found[0].removesuffix("->"))
        else:
            yield from (
                _use(number, node, call, given)
                for call in node.calls
                for place, given in enumerate(call.arguments)
                if given in plain and _looks_into(call, place, path, effects, thing)
            )


def _looks_into(call: Call, place: int, path: str, effects: Effects, thing: Thing, depth: int = _DEPTH) -> bool:
    """Whether a callee looks into what it is given at a place: its text says so."""
    if not call.direct or _MACRO.fullmatch(call.callee) or call.callee in thing.releases:
        return False
    every = [(one, effects.graph(one)) for one in effects.resolve(call.callee, path)]
    return bool(every) and all(
        graph is not None
        and place < len(graph.parameters)
        and _is_led_by(graph, graph.parameters[place].name, one.path, effects, thing, depth)
        for one, graph in every
    )


def _is_led_by(graph: Graph, name: str, path: str, effects: Effects, thing: Thing, depth: int) -> bool:
    """Whether a function follows one of its pointers ahead of every test, itself or in what it calls."""
    led = re.compile(rf"(?<![\w.>&]){re.escape(name)}->")
    first = next((after for after, _ in graph.nodes[0].successors), 0)
    ahead = [graph.nodes[number] for number in graph.straight(first)] if name else []
    given = ((call, call.arguments.index(name)) for node in ahead for call in node.calls if name in call.arguments)
    return any(led.search(node.text) for node in ahead) or (
        depth > 0 and any(_looks_into(call, place, path, effects, thing, depth - 1) for call, place in given)
    )


def _moves(event: Event) -> bool:
    """Whether a step takes the thing, or gives it back."""
    return any(
        one.state != state
        for state in ("idle", "back", "owed")
        for one in event.outcome(state, ()).exits
        if one.state in ("owed", "back", "idle")
    )


def _use(number: int, node: Node, call: Call | None, name: str) -> Event:
    note = f"{name} is given to {call.callee}()" if call else f"{name} is looked into"

    def outcome(state: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(state),), ((USED, name),) if state == "back" else ())

    return Event(number, call.line if call else node.line, call, note, outcome, (USE,))
