"""A call of a helper, and a lock that its caller holds -> whether the helper surely takes it as well: a deadlock.

A helper that takes it on some ways only may know on which nobody has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.calls.neighbours import neighbour_meant
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.lockers.lockers import in_words_of_caller, lockers_of, places_of, spelled_out
from cocci_gen.kinds.takes.lockers.passing import passing_of, releases
from cocci_gen.kinds.takes.words.sorts import State, states, what_of
from cocci_gen.kinds.takes.words.texts import called, called_names

#: Calls deep that a helper is looked for which takes it.
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Again:
    """What the helpers of one tree surely take, whatever they give back; every answer is remembered."""

    index: KernelIndex
    _known: dict[tuple[Definition, str, int], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _names: dict[tuple[str, str, str], bool] = field(default_factory=dict, compare=False, repr=False)
    _sorts: dict[str, tuple[State, ...]] = field(default_factory=dict, compare=False, repr=False)

    def in_text(self, text: bytes, path: str, state: State) -> bool:
        """Whether the text of a function of a file calls a helper that takes such a lock, by the helpers' texts, between what
        takes one and what gives one back."""
        first = state.taken.search(text) if not state.nests and state.is_named_in(text) else None
        last = max((found.start() for found in state.released.finditer(text)), default=-1) if first else -1
        if first is None or last < first.start():
            return False
        names, folder = called(text[first.end() : last]), folder_of(path)
        return any(self._may_take(name, folder, one) for one in self._others(state) for name in names)

    def taken(self, call: Call, path: str, state: State) -> tuple[str, ...]:
        """What a call in a file surely takes, as the caller would write it."""
        if state.nests or not call.direct:
            return ()
        return tuple(name for one in self._others(state) for name in self._in_words(call, path, one, _DEPTH))

    def _others(self, state: State) -> tuple[State, ...]:
        """The sorts in which one waits for who has the lock in this one: each way to take it, but for readers beside readers."""
        name = state.thing.name
        if name not in self._sorts:
            every = (one for one in states() if one.lock == state.lock)
            self._sorts[name] = tuple(one for one in every if not (one == state and _only_reads(one)))
        return self._sorts[name]

    def _in_words(self, call: Call, path: str, state: State, depth: int) -> tuple[str, ...]:
        known = self._may_take(call.callee, folder_of(path), state)
        helper = neighbour_meant(call.callee, path, self.index) if known else None
        graph = self.index.graph(helper) if helper is not None else None
        if helper is None or graph is None:
            return ()
        given = {one.name: text for one, text in zip(graph.parameters, call.arguments, strict=False)}
        words = (in_words_of_caller(place, given) for place in self._places(helper, graph, state, depth))
        return tuple(one.removeprefix("&") for one in words if one)

    def _places(self, one: Definition, graph: Graph, state: State, depth: int) -> tuple[str, ...]:
        """What a helper takes on every way, in terms of its parameters."""
        key = one, state.thing.name, depth
        if key not in self._known:
            self._known[key] = ()  # it may call itself
            self._known[key] = tuple(self._read(one, graph, state, depth)) if graph.whole else ()
        return self._known[key]

    def _read(self, one: Definition, graph: Graph, state: State, depth: int) -> tuple[str, ...]:
        ways: dict[str, set[int]] = {}
        for number, node in enumerate(graph.nodes):
            for call in node.calls:
                for name in self._takes(call, one.path, state, depth):
                    ways.setdefault(name, set()).add(number)
        sure = [name for name, nodes in ways.items() if self._is_sure(one, graph, state, name, nodes)]
        spelled = dict.fromkeys(
            place for name in sure for one in spelled_out(graph, name) for place in places_of(graph, [one])
        )
        return tuple(spelled)

    def _takes(self, call: Call, path: str, state: State, depth: int) -> tuple[str, ...]:
        if call.callee in state.thing.taking | state.zero:
            return (what_of(call),)
        return self._in_words(call, path, state, depth - 1) if depth > 1 and call.direct else ()

    def _is_sure(self, one: Definition, graph: Graph, state: State, name: str, taking: set[int]) -> bool:
        """Whether every way through a helper takes it, and none has given it back before."""
        ahead = graph.behind({0}, taking) | {0}
        if any(graph.nodes[number].kind == "return" for number in ahead - taking):
            return False
        passing = passing_of(self.index)
        calls = [call for number in ahead - taking for call in graph.nodes[number].calls]
        return not any(
            call.callee in state.release or (call.direct and releases(passing.exits(call, one.path, state, name)))
            for call in calls
        )

    def _may_take(self, name: str, folder: str, state: State) -> bool:
        """Whether a function of a folder takes such a lock by its text, or calls one that does."""
        key = name, folder, state.thing.name
        if key not in self._names:
            first = {one.name for one in lockers_of(self.index).taking(folder, state)}
            texts = (self.index.text_of(one) for one in self.index.definitions_in(name, folder)) if first else ()
            self._names[key] = name in first or any(not called_names(text).isdisjoint(first) for text in texts)
        return self._names[key]


def _only_reads(state: State) -> bool:
    return bool(state.shared) and state.takers <= state.shared


def again_of(index: KernelIndex) -> Again:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Again)
