"""A function that calls a helper which takes a lock at times, and its counterpart -> Unfollowed, the failing returns without it.

`bed_begin(sb)` takes a semaphore in the outermost call alone, `bed_lock(bed, flags)` by what its flags say: whether it did, its
caller cannot be told.  A failing way behind it that passes nothing which gives back the same, in a function that calls such a
counterpart on another one, is not examined, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.explorations import Arrival
from cocci_gen.code.searches.machines import POINTER, Event, Exit, Machine, Move, Outcome, Result
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, ZERO, Facts, thawed
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.calls.neighbours import neighbour_meant
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.holdings.holding import STOPS, counts_nothing, fails
from cocci_gen.kinds.takes.lockers.lockers import lockers_of
from cocci_gen.kinds.takes.lockers.passing import FREE, passing_of, releases
from cocci_gen.kinds.takes.words.sorts import State, agreeing, member_of, taken_by, what_of
from cocci_gen.kinds.takes.words.spans import sorts_of
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.unseen import Unfollowed

#: Stops of a helper before values are merged; then nothing is told of it.
_STOPS = 2_000
_FREE, _HELD, _LENT = "without", "with it", "without what its caller had"
#: Who gives it back first has it from his caller, and takes it again for that one.
BEGUN = Machine(
    "begun",
    _FREE,
    (
        Move(_FREE, "take", _HELD),
        Move(_HELD, "release", _FREE),
        Move(_FREE, "release", _LENT),
        Move(_LENT, "take", _FREE),
    ),
    (),
)


class _Begun(NamedTuple):
    """What a helper may leave taken, and how it comes back."""

    member: str
    exits: tuple[Exit, ...]


class _Key(NamedTuple):
    definition: Definition
    sort: str
    told: Facts


@dataclass(frozen=True, slots=True)
class Beginners:
    """What the helpers of one tree take at times for their callers; every answer is remembered."""

    index: KernelIndex
    _beginning: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    _ending: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    _begun: dict[_Key, tuple[_Begun, ...]] = field(default_factory=dict, compare=False, repr=False)

    def asked(self, text: bytes, path: str) -> tuple[State, ...]:
        """The states of which a function of a file calls both a helper that may take them and one that gives them back."""
        called, folder = called_names(text), folder_of(path)
        return tuple(
            state
            for state in sorts_of(self.index).at(path)
            if not state.own  # who spins does not leave it to others to end that
            if not called.isdisjoint(self._begins_in(folder, state))
            and not (called.isdisjoint(state.release) and called.isdisjoint(self._ends_in(folder, state)))
        )

    def unfollowed(self, graph: Graph, path: str, asked: tuple[State, ...]) -> Iterator[Unfollowed]:
        """The failing returns behind such a helper, which pass nothing that gives back what it may have taken."""
        found: dict[tuple[int, str], list[str]] = {}
        for state in asked:
            calls = ((node, call) for node in graph.nodes for call in node.calls)
            for callee in dict.fromkeys(
                call.callee for node, call in calls if self._may_begin(node, call, path, state)
            ):
                for member in self._members(graph, path, state, callee):
                    for line in self._kept(graph, path, state, callee, member):
                        found.setdefault((line, callee), []).append(f"{state.thing.word} {member}")
        for (line, callee), what in found.items():
            words = " and ".join(dict.fromkeys(what))
            why = f"{callee}() takes {words} at times, and a way to this return passes nothing that gives it back"
            yield Unfollowed(line, why)

    def _members(self, graph: Graph, path: str, state: State, callee: str) -> list[str]:
        """What one helper may leave taken, and some way leads from it to a return past all that gives it back on others."""
        calls = [call for call in graph.calls() if call.callee == callee]
        takes = {n for n, node in enumerate(graph.nodes) if any(call.callee == callee for call in node.calls)}
        found = set[str]()
        for member in self._taken(callee, path, state):
            nodes = enumerate(graph.nodes)
            gone = {n for n, node in nodes if any(self._ends(call, path, state, member) for call in node.calls)}
            behind = graph.behind(takes, gone) - gone if gone else frozenset[int]()
            if any(graph.nodes[number].kind == "return" for number in behind):
                found.update(one.member for call in calls for one in self._of(call, path, state, ()))
        return sorted(found)

    def _taken(self, callee: str, path: str, state: State) -> set[str]:
        """The members of which something in a helper takes the state."""
        helper = neighbour_meant(callee, path, self.index)
        graph = self.index.graph(helper) if helper is not None else None
        calls = (call for call in graph.calls() if state.takes(call)) if graph is not None else iter(())
        return {member_of(what_of(call)) for call in calls} - {""}

    def _kept(self, graph: Graph, path: str, state: State, callee: str, member: str) -> Iterator[int]:
        """The lines of such returns behind one helper, in a function that gives the same back on another way."""
        events = {n: tuple(self._events(n, node, path, state, callee, member)) for n, node in enumerate(graph.nodes)}
        if not any(event.marks == ("release",) for every in events.values() for event in every):
            return
        events = {number: every for number, every in events.items() if every}
        seen = explore(Question(graph, BEGUN, events, BEGUN.start, limit=STOPS, agreeing=agreeing(graph)))
        for one in seen.firsts(lambda one: one.state == _HELD and _may_fail(graph, one)):
            yield graph.nodes[one.node].line

    def _events(self, number: int, node: Node, path: str, state: State, callee: str, member: str) -> Iterator[Event]:
        for call in node.calls:
            if call.callee == callee:
                yield self._begins(number, call, path, state, member)
            elif self._ends(call, path, state, member):
                yield BEGUN.step(number, call, "release")

    def _begins(self, number: int, call: Call, path: str, state: State, member: str) -> Event:
        """The step of the helper, by what is known of its arguments there."""

        def outcome(before: str, facts: Facts) -> Outcome:
            begun = (one for one in self._of(call, path, state, facts) if one.member == member)
            exits = next((one.exits for one in begun), (Exit(before),))
            if before == _FREE:
                return Outcome(exits)
            after = {_HELD: BEGUN.after(before, ("take",))}
            return Outcome(tuple(dict.fromkeys(Exit(after.get(one.state, before), one.result) for one in exits)))

        return Event(number, call.line, call, f"{call.callee}()", outcome)

    def _ends(self, call: Call, path: str, state: State, member: str) -> bool:
        """Whether a call gives back a member, itself or as a function of the folder that takes nothing of the sort."""
        if call.callee in state.release:
            return member_of(what_of(call)) == member
        if not call.direct or call.callee not in self._ends_in(folder_of(path), state):
            return False
        return any(one.state == FREE for one in passing_of(self.index).exits(call, path, state, f"->{member}"))

    # Helpers.

    def _may_begin(self, node: Node, call: Call, path: str, state: State) -> bool:
        begins = call.direct and call.callee in self._begins_in(folder_of(path), state)
        return begins and not lockers_of(self.index).taken_at(node, call, path, state)

    def _of(self, call: Call, path: str, state: State, facts: Facts) -> tuple[_Begun, ...]:
        """What a helper may leave taken, by what its caller knows of values."""
        helper = neighbour_meant(call.callee, path, self.index)
        graph = self.index.graph(helper) if helper is not None else None
        if helper is None or graph is None or not graph.whole:
            return ()
        known = thawed(facts)
        key = _Key(helper, state.thing.name, given_to(graph, call.arguments, known))
        if key not in self._begun:
            self._begun[key] = tuple(self._read(key, graph, state))
        return self._begun[key]

    def _read(self, key: _Key, graph: Graph, state: State) -> Iterator[_Begun]:
        """What a helper comes back with on some way that does not fail; where the same is told without, it may be with it."""
        places = {what_of(call) for call in graph.calls() if state.takes(call)}
        for member in sorted({member_of(place) for place in places} - {""}):
            events = {n: tuple(self._own_events(n, node, key, state, member)) for n, node in enumerate(graph.nodes)}
            question = Question(graph, BEGUN, events, BEGUN.start, known=key.told, limit=_STOPS)
            seen = explore(question)
            held = {_of_pointer(graph, one) for one in seen.arrivals if one.state == _HELD and not fails(graph, one)}
            without = {one.result for one in seen.arrivals if one.result not in held}
            if held and not seen.merged:
                exits = (*(Exit(_HELD, one) for one in sorted(held)), *(Exit(_FREE, one) for one in sorted(without)))
                yield _Begun(member, exits)

    def _own_events(self, number: int, node: Node, key: _Key, state: State, member: str) -> Iterator[Event]:
        for call in node.calls:
            if state.takes(call) and member_of(what_of(call)) == member:
                yield taken_by(number, call, state, BEGUN)
            elif self._may_end(call, key.definition.path, state, member):
                yield BEGUN.step(number, call, "release")

    def _may_end(self, call: Call, path: str, state: State, member: str) -> bool:
        """Whether a call of a helper may give back what the helper has taken, for all that can be seen."""
        exits = passing_of(self.index).exits(call, path, state, f"->{member}") if call.direct else frozenset()
        return self._ends(call, path, state, member) or releases(exits)

    # Texts.

    def _begins_in(self, folder: str, state: State) -> frozenset[str]:
        """The functions of a folder whose texts may come back with a state."""
        key = folder, state.thing.name
        if key not in self._beginning:
            every = ((one.name, self.index.text_of(one)) for one in lockers_of(self.index).taking(folder, state))
            keeping = (name for name, text in every if state.only_takes(text) or state.in_text(text))
            self._beginning[key] = frozenset(keeping)
        return self._beginning[key]

    def _ends_in(self, folder: str, state: State) -> frozenset[str]:
        """The functions of a folder that give the state back, and take nothing of the sort."""
        key = folder, state.thing.name
        if key not in self._ending:
            taking = {one.name for one in lockers_of(self.index).taking(folder, state)}
            paths = (path for path in self.index.files_in(folder) if state.ends_in(self.index.text(path)))
            every = (one.name for path in paths for one in self.index.functions_with(state.released, path, state.ends))
            self._ending[key] = frozenset(every) - taking
        return self._ending[key]


def _of_pointer(graph: Graph, arrival: Arrival) -> Result:
    """What a way returns with it: a pointer that is not known for an error is none, and not NULL, for else it would say so."""
    result = arrival.result
    if not graph.returns.endswith("*") or not result.pointer & POINTER or result.constant:
        return result
    return replace(result, pointer=POINTER, signs=result.signs & ~ZERO or result.signs)


def _may_fail(graph: Graph, arrival: Arrival) -> bool:
    """Whether a return may tell of a failure: so does what is not zero of a function that counts nothing."""
    signs = arrival.result.signs
    return fails(graph, arrival) or (bool(signs & NEGATIVE) and not signs & ZERO and counts_nothing(graph))


def beginners_of(index: KernelIndex) -> Beginners:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Beginners)
