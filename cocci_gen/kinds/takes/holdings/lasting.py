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

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.holdings.holding import TAKES
from cocci_gen.kinds.takes.holdings.sources import Source, filled_by, left_by
from cocci_gen.kinds.takes.holdings.stored import does_later, frees_memory, may_give_back_by
from cocci_gen.kinds.takes.words.members import members_of, structures_in
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing

#: Functions deep that a call is looked into for what it does to a place.
_DEPTH = 3
_PLACE = re.compile(r"\*?([A-Za-z_]\w*)|([A-Za-z_]\w*)(?:->\w+)+(?:\.\w+)*")


class Lasting:
    """The places of one function that others find: those by which it gives such things back itself, and those by which other
    functions of its folder do."""

    def __init__(self, graph: Graph, source: Source) -> None:
        self._graph, self._source = graph, source
        folder, thing = folder_of(source.path), source.thing
        self._members = members_of(source.effects.index)
        self._own = _given_back_by(graph, thing)
        owning = self._members.owning(folder, thing) if thing.kept != "locked" else {}
        declared = structures_in(graph) if owning else {}
        self._owning = {
            name: owning[one] for name, one in declared.items() if one in owning and _means_one(graph, name)
        }
        self._declared = {name: declared[name] for name in self._owning}
        self._setters = self._members.setters(folder, thing) if self._owning else frozenset[str]()
        for one in self._asked() if self._owning else ():
            self._members.note(one, thing)

    def put_into(self, call: Call, assigned: str) -> list[str]:
        """The places into which a call puts what it takes, whose value is assigned to an expression."""
        if not self._own and not self._owning:
            return []
        put = [assigned] if assigned and self._is_place(assigned) and self._source.returned(call) else []
        bases = {base_of(one) for one in self._own} | (self._owning.keys() if call.callee in self._setters else set())
        put += [name for name, one in filled_by(call, self._source, bases, "->") if one.clear or one.member]
        if call.callee in self._setters:
            put += [name for name, _ in left_by(call, self._source, self._declared)]
        return [one for one in dict.fromkeys(put) if self._is_place(one)]

    def _is_place(self, text: str) -> bool:
        base, _, member = text.partition("->")
        return text in self._own or member in self._owning.get(base, ())

    def is_own(self, place: str) -> bool:
        """Whether the function gives the thing back by a place itself."""
        return place in self._own

    def place_of(self, name: str, takers: tuple[tuple[int, Call], ...]) -> str:
        """The place that a name is, or that the function puts it into; "" for none, and for several."""
        if self._is_place(name):
            return name
        found = {
            a.left
            for a in self._graph.assignments()
            if a.right == name and a.operator == "=" and self._is_place(a.left)
        }
        return found.pop() if len(found) == 1 and len(takers) == 1 else ""

    def left(self, place: str) -> bool:
        """Whether nobody who calls the function gives back what it leaves in a place."""
        member = place.rpartition("->")[2]
        return all(self._members.left_to_nobody(one, member, self._source.thing) for one in self._asked())

    def _asked(self) -> list[Definition]:
        """The function itself, as the index has it: more than one where it stands there for several configurations."""
        here = self._source.effects.index.functions_in(self._source.path)
        return [one for one in here if one.name == self._graph.name]


def _given_back_by(graph: Graph, thing: Thing) -> frozenset[str]:
    """The places that others find by which a function gives such things back, of structures that it always means by one name."""
    given = {call.arguments[0] for call in graph.calls() if call.callee in thing.releases and call.arguments}
    places = (one for one in given if not one.isidentifier() and _PLACE.fullmatch(one))
    return frozenset(one for one in places if _means_one(graph, base_of(one)))


def _means_one(graph: Graph, name: str) -> bool:
    """Whether a variable always means the same: a parameter that is not set, or what is set once."""
    sets = sum(a.left == name and a.right not in ("NULL", "0") for a in graph.assignments())
    return sets == (0 if name in {one.name for one in graph.parameters} else 1)


def base_of(place: str) -> str:
    """The variable that a place begins with."""
    found = _PLACE.fullmatch(place)
    return (found[1] or found[2]) if found else ""


def by_its_place(
    graph: Graph, path: str, known: Summaries, thing: Thing, place: str, events: Mapping[int, tuple[Event, ...]]
) -> Mapping[int, tuple[Event, ...]]:
    """The steps of a function, with those of the calls that may give back what stands in the place, or put another there."""
    looks = shared(known.effects.index, _Looks)
    found = {
        number: tuple(_told_apart(one) for one in every if one.call is None or not frees_memory(one.call.callee))
        for number, every in events.items()
    }
    for number, node in enumerate(graph.nodes):
        seen = {one.call for one in found.get(number, ())}
        others = [call for call in node.calls if call not in seen and not _counts(call, thing, place)]
        calls = (call for call in others if not call_vocabulary().is_neutral(call.callee))
        hidden = [call for call in calls if looks.may_change(graph, path, known, thing, call, place)]
        notes = tuple(_hidden(known, number, call, place) for call in hidden)
        counting = [call for call in node.calls if call not in seen and _counts(call, thing, place)]
        notes += tuple(known.step(number, call, ("again",), f"{call.callee}()") for call in counting)
        if notes:
            found[number] = (*found.get(number, ()), *notes)
    return found


def _counts(call: Call, thing: Thing, place: str) -> bool:
    """Whether a call counts what stands in the place once more, for somebody else."""
    return call.callee in thing.taking | thing.same and call.arguments[:1] == (place,)


def _told_apart(event: Event) -> Event:
    """The step of a call; of one that gives back what stands in a place on some of its ways, which its value does not tell, no
    more is seen: it may ask whether anything stands there."""

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        if state not in TAKES.open or not found.ambiguous or all(one.state != "back" for one in found.exits):
            return found
        words = found.unclear or f"{event.note} gives it back on some of its ways"
        return replace(found, exits=(Exit("unseen"),), unclear=words)

    return replace(event, outcome=outcome) if event.call is not None and not event.marks else event


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
        if base_of(place) in call.arguments and any(does_later(self.index.text_of(one)) for one in near):
            return True
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
