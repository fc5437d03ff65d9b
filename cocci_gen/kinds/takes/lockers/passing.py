"""A call and the State that its caller holds -> Exits, in which state and with which result the callee comes back.

By its text a function of the folder may release much: what it took itself a line before, or what it takes back before it returns.
Its ways are looked at, with the constants that the call hands in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.machines import Event, Exit, Machine, Move, Outcome
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import Facts, thawed
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.sorts import State, agreeing, member_of, taken_by, what_of

#: Calls deep that a helper is looked into for a release.
DEPTH = 2
#: Stops of one callee before values are merged.
_STOPS = 2_000
#: A pointer to what says that it unlocks.
_UNSEEN = re.compile(r"(?:->|\.)\w*unlock\w* ?\(")
#: What a function says of itself: which locks it gives back for its caller, and which it takes for him.
_RELEASES, _ACQUIRES = (
    re.compile(rf"\b{word} ?\(([^()]*(?:\([^()]*\))?[^()]*)\)") for word in ("__releases", "__acquires")
)
_CALLED = re.compile(r"\b([A-Za-z_]\w*) ?\(")

#: A word of a test, with what makes it a member, or something that has members or is called.
_PARTS = re.compile(r"((?:->|\.) ?)?\b([A-Za-z_]\w*)(?=( ?(?:->|\.|\())?)")
_WORD = re.compile(r"[A-Za-z_]\w*")

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


#: The ways out of a callee; one that leaves the state as it is has HELD or OWN alone.
Exits = frozenset[Exit]
_KEPT = frozenset({Exit(HELD)})
_HIDDEN = frozenset({Exit(UNSEEN)})
_RELEASED = frozenset({Exit(FREE)})


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
    _known: dict[_Key, Exits] = field(default_factory=dict, compare=False, repr=False)
    _texts: dict[_Asked, bool] = field(default_factory=dict, compare=False, repr=False)
    _macros: dict[tuple[str, str, str, str], bool] = field(default_factory=dict, compare=False, repr=False)

    def exits(self, call: Call, path: str, state: State, name: str, facts: Facts = (), depth: int = DEPTH) -> Exits:
        """How a call in a file comes back, when the state of an expression is held, by what its caller knows of values."""
        return self._every(
            self._exits(one, call, state, member_of(name), facts, depth)
            for one in self._seen_from(path, call.callee)
            if self._releases_by_text(one, state, member_of(name), depth)
        )

    def always_releases(self, call: Call, path: str, state: State, name: str) -> bool:
        """Whether a call has no way to come back by with the state of an expression held."""
        return {one.state for one in self.exits(call, path, state, name)} == {FREE}

    def given(self, call: Call, path: str, state: State, facts: Facts = ()) -> Exits:
        """The same of a call that is given the lock itself, wherever it stands: what cannot be seen may do anything."""
        every = self.index.resolve(call.callee, path)
        return self._every(self._exits(one, call, state, "", facts, DEPTH) for one in every) if every else _HIDDEN

    def _every(self, found: Iterable[Exits]) -> Exits:
        return frozenset().union(*found) or _KEPT

    def sees(self, call: Call, path: str) -> bool:
        """Whether the callee of a file is a function of its folder."""
        return any(self._seen_from(path, call.callee))

    def by_macro(self, call: Call, path: str, state: State, name: str) -> bool:
        """Whether a call is of a macro that gives the state of an expression back ahead of what it takes, by whatever it calls:
        `wait_here(box)` may come back without the lock."""
        key = call.callee, path, state.thing.name, member_of(name)
        if key not in self._macros:
            macro = macros_of(self.index).of(call.callee, path) if self._may_be_macro(call, path) else None
            steps = macro.graph.calls() if macro is not None else ()
            moves = (self._moves(one, path, state, name) for one in steps)
            self._macros[key] = next(filter(None, moves), "") == "release"
        return self._macros[key]

    def _may_be_macro(self, call: Call, path: str) -> bool:
        return (
            call.direct and not call_vocabulary().is_neutral(call.callee) and not self.index.resolve(call.callee, path)
        )

    def _moves(self, call: Call, path: str, state: State, name: str) -> str:
        """What a call in a macro does first to the state of an expression: "take", "release", "" for nothing."""
        if state.takes(call) or call.callee in state.release:
            return "take" if state.takes(call) else "release"
        return "release" if call.direct and releases(self.exits(call, path, state, name)) else ""

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
        shown = self.index.text_of(one)
        if member and _promises_to_release(shown, member):
            return True
        text = shown.decode("utf-8", "replace")
        called = set(_CALLED.findall(text)) - {one.name}
        given = (found[1] for found in state.given.finditer(text)) if called & state.release else ()
        if any(_may_be(of, member) for of in given) or _UNSEEN.search(text):
            return True
        return depth > 1 and any(
            self._releases_by_text(deeper, state, member, depth - 1)
            for name in called
            for deeper in self._seen_from(one.path, name)
        )

    def _seen_from(self, path: str, name: str) -> Iterator[Definition]:
        """The functions of the folder that a file may mean by a name, else those of a header where that says that they unlock."""
        near = self.index.definitions_in(name, folder_of(path))
        for one in near:
            if one.path == path or not one.span.static or one.path.endswith(".h"):
                yield one
        if not near and "unlock" in name:
            yield from (one for one in self.index.resolve(name, path) if one.path.endswith(".h"))

    def _exits(self, one: Definition, call: Call, state: State, member: str, facts: Facts, depth: int) -> Exits:
        graph = self.index.graph(one)
        if graph is None or not graph.whole or depth == 0:
            return self._as_promised(one, member, _HIDDEN)
        known = thawed(facts)
        key = _Key(one, state.thing.name, member, given_to(graph, call.arguments, known), depth)
        if key not in self._known:
            self._known[key] = _HIDDEN  # it may call itself
            self._known[key] = self._as_promised(one, member, self._looked_into(key, graph, state))
        return self._known[key]

    def _as_promised(self, one: Definition, member: str, seen: Exits) -> Exits:
        """The ways out of a function, by its head where no release is seen in it."""
        if not member or any(way.state == FREE for way in seen):
            return seen
        return _RELEASED if _promises_to_release(self.index.text_of(one), member) else seen

    def _looked_into(self, key: _Key, graph: Graph, state: State) -> Exits:
        own = {parameter.name for parameter in graph.parameters} | {a.left for a in graph.assignments()}
        events = {n: tuple(self._events(key, n, node, state, own)) for n, node in enumerate(graph.nodes)}
        question = Question(graph, PASSED, events, HELD, known=key.told, limit=_STOPS)
        found = explore(replace(question, agreeing=agreeing(graph)))
        if found.merged:
            return _HIDDEN
        return frozenset(Exit(HELD if one.state == OWN else one.state, one.result) for one in found.arrivals)

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
            elif self.unlocks_unseen(call, path) or (
                self._is_given(key, call) and releases(self.given(call, path, state))
            ):
                yield PASSED.step(number, call, "unknown")
            elif call.direct and releases(self._deeper(key, call, state, ())):
                yield self._passed_on(key, number, call, state)

    def _is_given(self, key: _Key, call: Call) -> bool:
        """Whether a call outside of the folder is given the lock itself."""
        given = any(text.startswith("&") and member_of(text) == key.member != "" for text in call.arguments)
        near = any(self._seen_from(key.definition.path, call.callee))
        return given and not near and not call_vocabulary().is_neutral(call.callee)

    def asked(self, call: Call, path: str, state: State, name: str, depth: int = DEPTH) -> frozenset[str]:
        """What the functions that a call leads to test: members, and of their parameters what they are given; what they find out
        themselves is left out."""
        found = set[str]()
        for one in self._seen_from(path, call.callee):
            graph = self.index.graph(one)
            if graph is None or not depth or not self._releases_by_text(one, state, member_of(name), depth):
                continue
            given = {a.left: a.right for a in graph.assignments()}
            given |= dict(zip((p.name for p in graph.parameters), call.arguments, strict=False))
            for node in graph.nodes:
                found.update(_members(node.text, given) if node.kind == "condition" else ())
                for deeper in node.calls:
                    found |= self.asked(deeper, one.path, state, name, depth - 1)
        return frozenset(found)

    def _deeper(self, key: _Key, call: Call, state: State, facts: Facts) -> Exits:
        return self.exits(call, key.definition.path, state, f"->{key.member}", facts, key.depth - 1)

    def _passed_on(self, key: _Key, number: int, call: Call, state: State) -> Event:
        """The step of a callee that may come back without it; in any state but HELD it may do anything."""

        def outcome(before: str, facts: Facts) -> Outcome:
            if before != HELD:
                return Outcome((Exit(PASSED.after(before, ("unknown",))),))
            return Outcome(tuple(sorted(self._deeper(key, call, state, facts))))

        return Event(number, call.line, call, f"{call.callee}()", outcome)


def releases(exits: Exits) -> bool:
    """Whether a callee comes back without what its caller held, on some way or for all that can be seen."""
    return any(one.state != HELD for one in exits)


def _promises_to_release(text: bytes, member: str) -> bool:
    """Whether the head of a function says that it comes back without a member that its caller holds, `__releases(&box->lock)`."""
    head = text.partition(b"{")[0].decode("utf-8", "replace")
    if "__releases" not in head:
        return False
    released, taken = ({member_of(found[1]) for found in each.finditer(head)} for each in (_RELEASES, _ACQUIRES))
    return member in released - taken


def _may_be(of: str, member: str) -> bool:
    """Whether what a release is given may be a member: a variable that has an address of its own is none, `unlock(&box_lock)`."""
    return member_of(of) == member or (not member_of(of) and not of.lstrip().startswith("&"))


def _members(test: str, given: Mapping[str, str]) -> Iterator[str]:
    """The members that a test asks for, and the last names of what its variables are given."""
    for access, word, follows in _PARTS.findall(test):
        if not follows and not word.isupper():
            yield from (word,) if access else _WORD.findall(given.get(word, ""))[-1:]


def passing_of(index: KernelIndex) -> Passing:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Passing)
