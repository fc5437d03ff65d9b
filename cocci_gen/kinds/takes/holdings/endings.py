"""A call that is given a thing -> whether it owns it from there on, asks first whether there is any, or has it freed later."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import ERROR, POINTER, Event, Exit, Outcome, Result
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, Facts
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.ends import gives_by_name
from cocci_gen.kinds.takes.holdings.holding import TAKES
from cocci_gen.kinds.takes.holdings.sources import Source
from cocci_gen.kinds.takes.holdings.stored import freed_later
from cocci_gen.kinds.takes.words.nothing import nothing_there
from cocci_gen.kinds.takes.words.things import Thing

#: The first node of each function, and the last.
_ENTRY, _EXIT = 0, 1
#: A test that says that what is so must not be.
_WARNS = re.compile(rb"\bif \((?:unlikely\()?WARN_ON(?:_ONCE)? ?\(")


def owned_by(event: Event, thing: Thing) -> Event:
    """The step of a call that owns what it is given unless it returns an error pointer."""
    call = event.call
    if call is None or call.callee not in thing.owns:
        return event

    def outcome(state: str, _facts: Facts) -> Outcome:
        owned = Exit(TAKES.after(state, ("hand_on",)), Result(NEGATIVE | POSITIVE, "", POINTER))
        return Outcome((owned, Exit(state, Result(NEGATIVE | POSITIVE, "", ERROR))))

    return replace(event, outcome=outcome)


def asked_first(event: Event, name: str, source: Source, takers: Collection[tuple[int, Call]]) -> Event:
    """The step of a helper that is given the structure in which the thing stands, and asks of that whether there is anything to
    be given back, or is told to undo what it did: it does so where there is."""
    call, base = event.call, name.partition(".")[0]
    if base == name or call is None or not call.direct or f"&{base}" not in call.arguments:
        return event
    undoes = (event.node, call) not in takers and any(call.callee == one.callee for _, one in takers)
    every = source.effects.index.resolve(call.callee, source.path)
    graph = source.effects.index.graph(every[0]) if len(every) == 1 else None
    at = call.arguments.index(f"&{base}")
    if graph is None or at >= len(graph.parameters):
        return event
    asked = re.compile(rf"\b{graph.parameters[at].name}\b")
    if not undoes and not any(asked.search(node.text) for node in graph.nodes if node.kind == "condition"):
        return event

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        back = {one.result for one in found.exits if one.state == "back"}
        kept = tuple(one for one in found.exits if one.state != "owed" or one.result not in back)
        return replace(found, exits=kept)

    return replace(event, outcome=outcome)


def ends_but_for_warnings(event: Event, source: Source, names: Collection[str]) -> bool:
    """Whether the callee of a step gives back what it is given on every way, but where there is none, or where it warns of what
    must not be: `if (WARN_ON(bed->linked)) return;`."""
    call = event.call
    every = source.effects.resolve(call.callee, source.path) if call is not None and call.direct else ()
    at = [n for n, text in enumerate(call.arguments) if text in names] if call is not None else []
    return len(at) == 1 and bool(every) and all(_ends_given(source, one, at[0]) for one in every)


def _ends_given(source: Source, callee: Definition, at: int) -> bool:
    """Whether a function gives back a parameter, the number of which is given, on all such ways."""
    graph = source.effects.graph(callee)
    if graph is None or not graph.whole or at >= len(graph.parameters):
        return False
    name, releases = graph.parameters[at].name, source.thing.releases
    ends = {
        n
        for n, node in enumerate(graph.nodes)
        if any(call.callee in releases and call.arguments[:1] == (name,) for call in node.calls)
    }
    warns = _warning(graph, source.effects.index.text(callee.path)) if ends else set[tuple[int, str]]()
    return bool(warns) and _EXIT not in graph.behind((_ENTRY,), ends, warns | set(nothing_there(graph, {name})))


def _warning(graph: Graph, text: bytes) -> set[tuple[int, str]]:
    """The branches of a function of a file on which it warns: a graph holds only what is tested, and not how."""
    lines = text.split(b"\n")
    tests = ((n, node) for n, node in enumerate(graph.nodes) if node.kind == "condition")
    return {(n, "true") for n, node in tests if any(map(_WARNS.search, lines[node.line - 1 : node.line]))}


def frees_later(call: Call, source: Source, names: Collection[str]) -> bool:
    """Whether a function that says so by its name has freed what it is given, once nobody reads it any more."""
    every = source.effects.index.resolve(call.callee, source.path) if call.direct and gives_by_name(call) else ()
    for one in every:
        freed, graph = freed_later(source.effects.index.text_of(one)), source.effects.index.graph(one)
        given = zip(graph.parameters, call.arguments, strict=False) if freed and graph is not None else ()
        if any(parameter.name in freed and text in names for parameter, text in given):
            return True
    return False
