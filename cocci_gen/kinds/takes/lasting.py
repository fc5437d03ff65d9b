"""A place that others find, `sbi->bh` or `*out`, into which a function takes a thing and by which it gives that back where it
fails -> what its calls may do to what stands there.

Who owns the structure mostly gives back what stands in it, and nothing can be said of a function that puts it there.  Where one
of its exits that fail gives it back by that place, and leaves the place as it is, nobody else does so behind a failure: he would
give it back twice.  Another exit that fails and does not has forgotten it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.code.control_flow import Call, Graph
from cocci_gen.code.machines import Event, Exit, Outcome
from cocci_gen.code.paths import Facts
from cocci_gen.facts.definitions import Definition, folder_of
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.shared import shared
from cocci_gen.facts.summaries import Summaries
from cocci_gen.kinds.takes.holding import TAKES
from cocci_gen.kinds.takes.stored import may_give_back_by
from cocci_gen.kinds.takes.texts import called_names
from cocci_gen.kinds.takes.things import Thing

#: Functions deep that a call is looked into for what it does to a place.
_DEPTH = 3
_PLACE = re.compile(r"\*?([A-Za-z_]\w*)|([A-Za-z_]\w*)(?:->\w+)+(?:\.\w+)*")


def lasting_places(graph: Graph, thing: Thing) -> frozenset[str]:
    """The places that others find by which a function gives such things back, of structures that it always means by one name."""
    given = {call.arguments[0] for call in graph.calls() if call.callee in thing.releases and call.arguments}
    changed = {a.left for a in graph.assignments() if not a.declares}
    parameters = {one.name for one in graph.parameters}
    return frozenset(
        place
        for place in given
        if not place.isidentifier() and _PLACE.fullmatch(place)
        if base_of(place) not in changed or (base_of(place) not in parameters and _set_once(graph, base_of(place)))
    )


def _set_once(graph: Graph, name: str) -> bool:
    return sum(a.left == name and a.right not in ("NULL", "0") for a in graph.assignments()) == 1


def base_of(place: str) -> str:
    """The variable that a place begins with."""
    found = _PLACE.fullmatch(place)
    return (found[1] or found[2]) if found else ""


def stored_at(graph: Graph, name: str, places: Collection[str]) -> str:
    """The one of some places that a function puts a variable into; "" for none, and for several."""
    found = {a.left for a in graph.assignments() if a.left in places and a.right == name and a.operator == "="}
    return found.pop() if len(found) == 1 else ""


def by_its_place(
    graph: Graph, path: str, known: Summaries, thing: Thing, place: str, events: Mapping[int, tuple[Event, ...]]
) -> Mapping[int, tuple[Event, ...]]:
    """The steps of a function, with those of the calls that may give back what stands in the place, or put another there."""
    looks = shared(known.effects.index, _Looks)
    found = dict(events)
    for number, node in enumerate(graph.nodes):
        seen = {one.call for one in found.get(number, ())}
        hidden = [
            call for call in node.calls if call not in seen and looks.may_change(graph, path, known, thing, call, place)
        ]
        notes = tuple(_hidden(known, number, call, place) for call in hidden)
        if notes:
            found[number] = (*found.get(number, ()), *notes)
    return found


def _hidden(known: Summaries, number: int, call: Call, place: str) -> Event:
    """A step that may give back by its place what is still owed; behind one that was given back there may be another."""
    event = known.step(number, call, ("unknown",), f"{call.callee}() may give back {place}")

    def outcome(state: str, facts: Facts) -> Outcome:
        if state in TAKES.open:
            return event.outcome(state, facts)
        return Outcome((Exit("idle" if state == "back" else state),))

    return replace(event, outcome=outcome, marks=())


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is remembered of a tree: by function and member, whether that or what it calls in its folder sets the member of
    something, or gives something back and names it."""

    index: KernelIndex
    _known: dict[tuple[Definition, str, str], bool] = field(default_factory=dict)

    def may_change(self, graph: Graph, path: str, known: Summaries, thing: Thing, call: Call, place: str) -> bool:
        """Whether a call may give back what stands in a place, or put something else there."""
        every = self.index.resolve(call.callee, path) if call.direct else ()
        near = [one for one in every if one.folder == folder_of(path)]
        if not near or place.startswith("*"):
            return may_give_back_by(graph, known, path, call, base_of(place))
        member = place.rpartition("->")[2].rpartition(".")[2]
        return any(self._changes(one, member, thing, _DEPTH) for one in near)

    def _changes(self, one: Definition, member: str, thing: Thing, depth: int) -> bool:
        key = one, member, thing.name
        if key not in self._known:
            self._known[key] = False  # what leads back to itself does what the rest of it does
            self._known[key] = self._look(one, member, thing, depth)
        return self._known[key]

    def _look(self, one: Definition, member: str, thing: Thing, depth: int) -> bool:
        text = self.index.text_of(one)
        names = called_names(text)
        word = re.escape(member.encode())
        if re.search(rb"(?:->|\.)\s*" + word + rb"\s*=[^=]", text):
            return True
        if not names.isdisjoint(thing.releases) and re.search(rb"(?:->|\.)\s*" + word + rb"\b", text):
            return True
        return depth > 0 and any(self._changes(below, member, thing, depth - 1) for below in self._below(one, names))

    def _below(self, one: Definition, names: Collection[str]) -> Iterator[Definition]:
        """The functions of its folder that one calls."""
        for name in sorted(names):
            yield from (near for near in self.index.definitions_in(name, one.folder) if near != one)
