"""A function and the names of a thing -> the steps that look into it, which nobody may who has given it back.

What is only compared, told of in a log or asked whether it is an error pointer is not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.kinds.ends import gives_by_name
from cocci_gen.kinds.takes.words.sorts import unlocks
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
    plain = {one for one in names if one.isidentifier()}
    if not plain:
        return
    into = {one.left for one in pointing_into(graph, plain, thing)}
    plain |= into
    led = re.compile(rf"(?<![\w.>&])(?:{'|'.join(sorted(plain))})->")
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
                if given in plain
                if _looks_into(call, place, path, effects, thing) or (given in into and not _only_names(call, thing))
            )


def pointing_into(graph: Graph, names: Collection[str], thing: Thing) -> Iterator[Assignment]:
    """The assignments that make a variable point into a thing: `row = &bed->row;`, and of a buffer head `text = bh->b_data;`."""
    members = "|".join(sorted(thing.inside)) or "(?!)"
    into = re.compile(rf"(?:\([^()]*\) ?)?\(?(?:&(?P<of>\w+)->[\w.]+|(?P<by>\w+)->(?:{members})(?: \+ [^?:]+)?)\)?")
    for one in graph.assignments():
        found = into.fullmatch(one.right) if one.left.isidentifier() and one.left not in names else None
        if found and (found["of"] or found["by"]) in names:
            yield one


def _only_names(call: Call, thing: Thing) -> bool:
    """Whether a call does no more with a pointer than to name it, or to free what was never a part of the thing."""
    if not call.direct or _MACRO.fullmatch(call.callee) or gives_by_name(call):
        return True
    return thing.vocabulary.is_neutral(call.callee)


def _looks_into(call: Call, place: int, path: str, effects: Effects, thing: Thing, depth: int = _DEPTH) -> bool:
    """Whether a callee looks into what it is given at a place: its text says so."""
    if not call.direct or _MACRO.fullmatch(call.callee) or call.callee in thing.releases:
        return False
    if place == 0 and unlocks(call):
        return True
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
