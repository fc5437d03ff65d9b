"""A call and the State that its caller holds -> whether the callee may come back without it.

By its text a function of the folder may release much: what it took itself a line before, or what it takes back before it returns.
Its ways are looked at, with the constants that the call hands in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.machines import Event, Machine, Move
from cocci_gen.code.paths import Facts, given_to
from cocci_gen.code.search import Question, explore
from cocci_gen.facts.index import Definition, KernelIndex
from cocci_gen.facts.shared import shared
from cocci_gen.kinds.takes.sorts import State, agreeing, member_of, taken_by, what_of

#: Calls deep that a helper is looked into for a release.
DEPTH = 2
#: Stops of one callee before values are merged.
_STOPS = 2_000
#: A pointer to what says that it unlocks.
_UNSEEN = re.compile(r"(?:->|\.)\w*unlock\w* ?\(")
_CALLED = re.compile(r"\b([A-Za-z_]\w*) ?\(")

HELD, OWN, FREE, UNSEEN = "held", "own", "free", "unseen"
#: What is taken while the caller holds it is another's: of the same one it would be a deadlock.
PASSED = Machine(
    "what the caller holds",
    HELD,
    (
        Move(HELD, "take", OWN),
        Move(OWN, "release", HELD),
        Move(HELD, "release", FREE),
        Move(FREE, "take", HELD),
        *(Move(state, "unknown", UNSEEN) for state in (HELD, OWN, FREE)),
    ),
    (),
)


class _Key(NamedTuple):
    definition: Definition
    sort: str
    member: str
    told: Facts
    depth: int


class _Asked(NamedTuple):
    definition: Definition
    sort: str
    member: str
    depth: int


@dataclass(frozen=True, slots=True)
class Passing:
    """What the functions of one tree leave of what their callers hold; every answer is remembered."""

    index: KernelIndex
    _known: dict[_Key, bool] = field(default_factory=dict, compare=False, repr=False)
    _texts: dict[_Asked, bool] = field(default_factory=dict, compare=False, repr=False)

    def may_release(self, call: Call, path: str, state: State, name: str, depth: int = DEPTH) -> bool:
        """Whether a call in a file may come back without the state of an expression."""
        return any(
            self._may_release(one, call, state, member_of(name), depth)
            for one in self._seen_from(path, call.callee)
            if self._releases_by_text(one, state, member_of(name), depth)
        )

    def given(self, call: Call, path: str, state: State) -> bool:
        """Whether a call that is given the lock itself may come back without it, wherever it stands: what cannot be seen may."""
        every = self.index.resolve(call.callee, path)
        return not every or any(self._may_release(one, call, state, "", DEPTH) for one in every)

    def unlocks_unseen(self, call: Call, path: str) -> bool:
        """Whether a call says that it unlocks, and is none that can be looked into."""
        return "unlock" in call.callee and (not call.direct or not self.index.resolve(call.callee, path))

    def _releases_by_text(self, one: Definition, state: State, member: str, depth: int) -> bool:
        """Whether a function, or one of the folder that it calls, has a release of the same member, or of what it is given."""
        key = _Asked(one, state.thing.name, member, depth)
        if key not in self._texts:
            self._texts[key] = self._read(one, state, member, depth)
        return self._texts[key]

    def _read(self, one: Definition, state: State, member: str, depth: int) -> bool:
        text = self.index.text_of(one).decode("utf-8", "replace")
        called = set(_CALLED.findall(text)) - {one.name}
        given = (found[1] for found in state.given.finditer(text)) if called & state.release else ()
        if any(member_of(of) in ("", member) for of in given) or _UNSEEN.search(text):
            return True
        return depth > 1 and any(
            self._releases_by_text(deeper, state, member, depth - 1)
            for name in called
            for deeper in self._seen_from(one.path, name)
        )

    def _seen_from(self, path: str, name: str) -> Iterator[Definition]:
        """The functions of the folder that a file may mean by a name."""
        for one in self.index.definitions_in(name, path.rpartition("/")[0]):
            if one.path == path or not one.span.static:
                yield one

    def _may_release(self, one: Definition, call: Call, state: State, member: str, depth: int) -> bool:
        graph = self.index.graph(one)
        if graph is None or not graph.whole or depth == 0:
            return True
        key = _Key(one, state.thing.name, member, given_to(graph, call.arguments), depth)
        if key not in self._known:
            self._known[key] = True  # it may call itself
            self._known[key] = self._looked_into(key, graph, state)
        return self._known[key]

    def _looked_into(self, key: _Key, graph: Graph, state: State) -> bool:
        own = {parameter.name for parameter in graph.parameters} | {a.left for a in graph.assignments()}
        events = {n: tuple(self._events(key, n, node, state, own)) for n, node in enumerate(graph.nodes)}
        question = Question(graph, PASSED, events, HELD, known=key.told, limit=_STOPS)
        found = explore(replace(question, agreeing=agreeing(graph)))
        return found.merged or any(one.state not in (HELD, OWN) for one in found.arrivals)

    def _deeper(self, key: _Key, call: Call, path: str, state: State) -> bool:
        return call.direct and self.may_release(call, path, state, f"->{key.member}", key.depth - 1)

    def _events(self, key: _Key, number: int, node: Node, state: State, own: Collection[str]) -> Iterator[Event]:
        path = key.definition.path
        for call in node.calls:
            of = what_of(call)
            meant = member_of(of) == key.member or of in own  # a variable of all is no other name of a member
            if state.takes(call):
                if meant:
                    yield taken_by(number, call, state, PASSED)
            elif call.callee in state.release:
                if meant:
                    yield PASSED.step(number, call, "release")
            elif self.unlocks_unseen(call, path) or self._deeper(key, call, path, state):
                yield PASSED.step(number, call, "unknown")


def passing_of(index: KernelIndex) -> Passing:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Passing)
