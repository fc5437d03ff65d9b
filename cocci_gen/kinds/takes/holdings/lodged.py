"""The step of a call that keeps the thing -> the same step, where it only puts it into a structure of the function's own.

`walk_begin(&walk, dir)` leaves the inode in `walk`, which ends with the function that declared it: nobody else finds it there,
and it is still that function's to give back.  What is given `walk` later on may do so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.calls.page_places import Given, aliases, escapes, own_holders
from cocci_gen.facts.pages.pages import Effect, Effects
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.takes.holdings.holding import TAKES
from cocci_gen.kinds.takes.holdings.stored import ends_by_name
from cocci_gen.kinds.takes.words.things import Thing

#: Functions deep that are read, and functions beside one another: where there are more, nothing is said.
_DEPTH = 4
_FUNCTIONS = 200
_MEMBER = re.compile(r"([A-Za-z_]\w*)(->|\.)\w+(?:\.\w+)*")
#: A structure, a part of it or what stands in it: what is further away is something else.
_NEAR = re.compile(r"&? ?\(?([A-Za-z_]\w*)(?:->\w+)?(?:\.\w+)*\)?")
_OWN_ELEMENT = re.compile(r"[A-Za-z_]\w*\[\w*\]")
_ADDRESS = re.compile(r"& ?\(?([A-Za-z_]\w*)(?:(?:->|\.)\w+)*\)?")


def lodged(
    graph: Graph,
    path: str,
    known: Summaries,
    thing: Thing,
    names: Collection[str],
    events: Mapping[int, tuple[Event, ...]],
) -> Mapping[int, tuple[Event, ...]]:
    """The steps of a function, where a call that puts the thing only into local structures of its own has taken it from nobody;
    calls that may give back what stands in these hide what became of it."""
    own = {name for name in own_holders(graph) if _is_alone(graph, name)}
    found = dict(events)
    hosts: set[str] = set()
    for number, every in events.items():
        for one in every:
            into = _hosts(one, path, known.effects, names) if one.call is not None and one.call.direct else frozenset()
            if into and into <= own:
                hosts |= into
                found[number] = tuple(_kept(one) if each is one else each for each in found[number])
    for number, node in enumerate(graph.nodes if hosts else ()):
        seen = {one.call for one in found.get(number, ())}
        hidden = [
            call for call in node.calls if call not in seen and _may_empty(call, path, known.effects, thing, hosts)
        ]
        notes = tuple(_hidden(known, number, call) for call in hidden)
        if notes:
            found[number] = (*found.get(number, ()), *notes)
    return found


def _is_alone(graph: Graph, name: str) -> bool:
    """Whether a structure goes nowhere but to calls, by its address, and to what is read out of it."""
    word = re.compile(rf"\b{name}\b(?!\.)")
    returned = (node.returned for node in graph.nodes if node.kind == "return")
    return not any(
        word.search(text) for text in (*(a.right for a in graph.assignments() if "(" not in a.right), *returned)
    )


def _kept(event: Event) -> Event:
    """The step, behind which the thing is owed as before."""

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        if state not in TAKES.open:
            return found
        return replace(found, exits=tuple(dict.fromkeys(replace(one, state=state) for one in found.exits)))

    return replace(event, outcome=outcome)


def _hosts(event: Event, path: str, effects: Effects, names: Collection[str]) -> frozenset[str]:
    """The local structures into which a call puts the thing, where it does nothing else to it; none where it does."""
    call = event.call
    effect = effects.own_effect(call, path, set(names)) if call is not None else ()
    if call is None or isinstance(effect, Effect) or not effect:
        return frozenset()
    found: set[str] = set()
    for definition, place in effect:
        places = _into(effects, definition, place, _DEPTH)
        if effects.of(definition, place).marks != {"escape"} or not places:
            return frozenset()
        given = [_ADDRESS.fullmatch(call.arguments[n]) if n < len(call.arguments) else None for n in places]
        if not all(one is not None and "->" not in one[0] for one in given):
            return frozenset()
        found |= {one[1] for one in given if one is not None}
    return frozenset(found)


def _into(effects: Effects, definition: Definition, place: Given, depth: int) -> frozenset[int] | None:
    """The parameters of a function into whose structures it puts the thing; None where it may put it somewhere else."""
    graph = effects.graph(definition)
    if graph is None or not graph.whole or not depth or not place.name(graph):
        return None
    names = set(aliases(graph, place.name(graph)))
    places = {p.name: number for number, p in enumerate(graph.parameters) if p.name}
    own, found = own_holders(graph), set[int]()
    for name in _keepers(effects, graph, definition.path, names, depth):
        if name in places:
            found.add(places[name])
        elif name not in own:
            return None
    return frozenset(found)


def _keepers(effects: Effects, graph: Graph, path: str, names: set[str], depth: int) -> Iterator[str]:
    """What names the structures in which a function leaves the thing; "" for what is none of its own and no parameter's."""
    for one in graph.assignments():
        if escapes(one, names, effects.vocabulary):
            member = _MEMBER.fullmatch(one.left)
            yield member[1] if member else ""
    yield from ("" for name in names if name.isidentifier() and not is_local(graph, name))
    for call in graph.calls():
        effect = effects.own_effect(call, path, names)
        if isinstance(effect, Effect):
            yield from ("" for _ in effect.marks)
            continue
        for definition, place in effect:
            if not effects.of(definition, place).marks:
                continue
            places = _into(effects, definition, place, depth - 1)
            yield from ("",) if places is None else (_named(call, number) for number in sorted(places))


def is_local(graph: Graph, name: str) -> bool:
    """Whether a function declares a pointer of that name, or is given what has it."""
    declared = re.compile(rf"\*(?: ?const)? ?{name}\b")
    return any(one.name == name for one in graph.parameters) or any(declared.search(node.text) for node in graph.nodes)


def _named(call: Call, place: int) -> str:
    """What names the structure that a call is given; "" where it is found by another way."""
    text = call.arguments[place] if place < len(call.arguments) else ""
    given = _ADDRESS.fullmatch(text)
    return text if text.isidentifier() else given[1] if given else ""


def _may_empty(call: Call, path: str, effects: Effects, thing: Thing, hosts: Collection[str]) -> bool:
    """Whether a call may give back what stands in one of the structures."""
    places = _leading(call, hosts)
    if not places:
        return False
    if call.callee in thing.releases or not call.direct:
        return True
    todo = [(one, place) for one in effects.resolve(call.callee, path) for place in places]
    seen = set(todo)
    while todo:
        found = _onward(effects, thing, *todo.pop())
        if found is None or len(seen) > _FUNCTIONS:
            return True
        todo += [one for one in found if one not in seen]
        seen.update(found)
    return False


def _onward(effects: Effects, thing: Thing, definition: Definition, place: int) -> list[tuple[Definition, int]] | None:
    """Where a function passes on what it may find the thing by, to functions of its folder, which know where to look; None where
    it may give the thing back itself."""
    graph = effects.graph(definition)
    if graph is None or not graph.whole:
        return None if ends_by_name(definition.name) else []
    names = {graph.parameters[place].name} if place < len(graph.parameters) else set[str]()
    for _ in range(_DEPTH):
        names |= {a.left for a in graph.assignments() if _is_own(a.left) and _near(a.right, names)}
    found = []
    for call in graph.calls():
        places = _leading(call, names)
        if places and (call.callee in thing.releases or call.callee in thing.consumes):
            return None
        near = [d for d in effects.resolve(call.callee, definition.path) if d.folder == definition.folder]
        found += [(one, number) for one in near for number in places]
    return found


def _leading(call: Call, names: Collection[str]) -> list[int]:
    """The arguments of a call that lead to what stands in one of some structures."""
    return [number for number, text in enumerate(call.arguments) if _near(text, names)]


def _near(text: str, names: Collection[str]) -> bool:
    found = _NEAR.fullmatch(text)
    return text in names or (found is not None and found[1] in names)


def _is_own(place: str) -> bool:
    """Whether what is set is a variable, or an element of an array that is none of another's."""
    return place.isidentifier() or _OWN_ELEMENT.fullmatch(place) is not None


def _hidden(known: Summaries, number: int, call: Call) -> Event:
    """A step that may give back what is still owed; what was given back before has been."""
    event = known.step(number, call, ("unknown",), f"{call.callee}() may give back what stands in its argument")

    def outcome(state: str, facts: Facts) -> Outcome:
        return event.outcome(state, facts) if state in TAKES.open else Outcome((Exit(state),))

    return replace(event, outcome=outcome, marks=())
