"""A call that is given a page, and the state of the page -> Outcome: the states that it may leave, by what it returns.

Per function, place of the page, state at entry and what the caller tells of the other arguments; remembered.  A callee that
releases only sometimes has two exits, and the caller's test of the result keeps those that agree with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph
from cocci_gen.code.searches.by_given import asking, by_given
from cocci_gen.code.searches.machines import ANYTHING, ERROR, POINTER, Event, Exit, Machine, Outcome, Result
from cocci_gen.code.searches.read_graphs import read_of
from cocci_gen.code.searches.search import Question, Refusal, explore, nothing_refused
from cocci_gen.code.states.deeds import assume, condition_of
from cocci_gen.code.states.known import ANY, NEGATIVE, POSITIVE, ZERO, Facts, sound, thawed
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.calls.holders import holders
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import Given, aliases, escapes, given_places, is_alias, is_perhaps, speaks_of
from cocci_gen.facts.pages.pages import OWN_COUNT, Effect, Effects, counted
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.shared import shared

#: Calls deep that a summary looks; what lies deeper is unknown, and told as such.
DEPTH = 6
#: What no number of calls deep is: a callee of which a part lies too deep was not looked through.
TOO_DEEP = 1_000
#: Callees that are remembered with what their nodes do.
_BODIES = 128
#: Stops of one callee before values are merged.
STOPS = 4_000
#: The order in which the marks of one call work.
_ORDER = ("start", "redirty", "end", "get", "release", "take", "put", "escape", "hand_on", "unknown")
#: Calls that count: the last one who is through with the page does it.
_COUNTS = re.compile(r"(?:raw_)?(?:atomic|refcount|kref|cmpxchg|try_cmpxchg|percpu_ref)\w*")
#: A code of a function's own, no errno.
_CODE = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
#: Ends the note of a call that is given a name which holds another page on some ways.
PERHAPS_ANOTHER = "may do so to another page"
#: Ends the words for a callee of which some ways leave the page alone and return what others do.
AT_TIMES = "does so on some of its ways only, which its value does not tell"
#: The same of one that does it in a loop.
IN_LOOP = "does so in a loop, and how often that was run nobody knows"
#: What cannot be followed: behind it the page is somebody else's.
BEYOND = frozenset({"escape", "hand_on", "unknown"})


def _no_summaries(_effects: Effects) -> dict[str, Summaries]:
    return {}


def summaries(effects: Effects, machine: Machine) -> Summaries:
    """The summaries of a machine, shared by all who ask for the same tree."""
    known = shared(effects, _no_summaries)
    if machine.name not in known:
        known[machine.name] = Summaries(effects, machine)
    return known[machine.name]


class _Key(NamedTuple):
    definition: Definition
    place: Given
    state: str
    known: Facts


@dataclass(frozen=True, slots=True)
class _Body:
    """A callee that is given the page at one place: the name by which it knows it, what its nodes do to it when callees are
    followed to one depth, the branches behind which nobody knows what a loop did, and those that are not taken."""

    graph: Graph
    name: str
    events: Mapping[int, tuple[Event, ...]]
    turns: Mapping[tuple[int, str], str]
    refused: Refusal


class Summaries:
    """The summaries of one machine over the functions of one index."""

    def __init__(self, effects: Effects, machine: Machine) -> None:
        self.effects = effects
        self.machine = machine
        #: With as many calls deep as the callee looks at least, whatever is allowed: the same at every depth that allows them.
        self._known: dict[_Key, tuple[Outcome, int]] = {}
        #: Those of which a part lies too deep, at one depth.
        self._cut: dict[tuple[_Key, int], Outcome] = {}
        #: As many calls deep as those look that are being looked through by now, the innermost last.
        self._reached: list[int] = []
        self._bodies: dict[tuple[Definition, Given, int], _Body] = {}
        self._alive: dict[Definition, frozenset[str]] = {}
        self._asking: dict[Definition, frozenset[int]] = {}

    def events(
        self,
        graph: Graph,
        path: str,
        names: Collection[str],
        root: str = "",
        depth: int = DEPTH,
        *,
        certain: bool = False,
    ) -> dict[int, tuple[Event, ...]]:
        """What the nodes of a function do to the page known by `names`, in order; it comes there by the name `root`.  With
        `certain` a name that perhaps holds another one counts as the page all the same."""
        found: dict[int, tuple[Event, ...]] = {}
        held = holders(graph, names, root)
        given = {
            parameter.name for parameter in graph.parameters
        }  # a function that is called by one of them is a pointer
        for number, node in enumerate(graph.nodes):
            sure, perhaps = held.sure[number], held.perhaps[number]
            if certain:
                sure, perhaps = sure | perhaps, frozenset()
            here = sure | perhaps
            calls = (replace(one, direct=False) if one.callee in given else one for one in node.calls)
            events = [event for call in calls if (event := self._of_call(number, call, path, sure, perhaps, depth))]
            events += [
                self._of_store(number, one)
                for one in node.assignments
                if speaks_of(one.right, here) and escapes(one, names, self.effects.vocabulary)
            ]
            events += [self._of_loss(number, one) for one in held.lost[number]]
            if events:
                found[number] = tuple(events)
        return found

    # One step.

    def _of_store(self, number: int, one: Assignment) -> Event:
        return replace(self.step(number, None, ("escape",), f"{one.left} keeps it"), line=one.line)

    def _of_loss(self, number: int, one: Assignment) -> Event:
        return replace(self.step(number, None, ("lost",), f"{one.left} names something else"), line=one.line)

    def fixed(self, event: Event, marks: tuple[str, ...]) -> Event:
        """The same step, doing always the same."""
        return replace(self.step(event.node, event.call, marks, event.note), line=event.line)

    def step(self, number: int, call: Call | None, marks: tuple[str, ...], note: str) -> Event:
        """A step that always does the same."""

        def outcome(state: str, _facts: Facts) -> Outcome:
            wrongs = tuple((says, note) for mark in marks if (says := self.machine.says(state, mark)))
            unclear = note if "unknown" in marks and self.machine.after(state, ("unknown",)) != state else ""
            return Outcome((Exit(self.machine.after(state, marks)),), wrongs, unclear)

        return Event(number, call.line if call else 0, call, note, outcome, marks)

    def told(self, number: int, call: Call, path: str) -> Event | None:
        """A call that does nothing to the page, for what it returns: by the constants and signs of its arguments; None where
        there is not one definition of it that can be read whole."""
        definitions = self.effects.index.resolve(call.callee, path) if call.direct else ()
        graph = self.effects.index.graph(definitions[0]) if len(definitions) == 1 else None
        if graph is None or not graph.whole:
            return None

        def outcome(state: str, facts: Facts) -> Outcome:
            known = thawed(facts)
            start = given_to(graph, call.arguments, known)
            found = explore(Question(graph, self.machine, {}, state, known=start, limit=STOPS))
            return Outcome(_few(_told_apart({Exit(state, one.result) for one in found.arrivals}, by_state=False)))

        return Event(number, call.line, call, f"{call.callee}()", outcome)

    def _of_call(
        self, number: int, call: Call, path: str, sure: frozenset[str], perhaps: frozenset[str], depth: int
    ) -> Event | None:
        effect = self.effects.own_effect(call, path, {*sure, *perhaps})
        known = () if isinstance(effect, Effect) else effect
        places = [(d, place) for d, place in known if self.effects.of(d, place).marks & self.machine.marks]
        marks = tuple(m for m in _ORDER if isinstance(effect, Effect) and m in effect.marks & self.machine.marks)
        if not marks and not places:
            return None
        if _perhaps_only(call, sure, perhaps):
            return self.step(number, call, ("hand_on",), f"{call.callee}() {PERHAPS_ANOTHER}")
        if isinstance(effect, Effect):
            if (
                "take" in marks
                and call.callee in self.effects.vocabulary.took_nonzero | self.effects.vocabulary.took_zero
            ):
                return self._attempt(number, call)
            return self.step(number, call, marks, "; ".join(sorted({text for _, text in effect.why})))

        def outcome(state: str, facts: Facts) -> Outcome:
            def asked(known: Facts) -> Outcome:
                return self._joined(call, [self._of(d, place, state, call, known, depth) for d, place in places])

            # A reference may be kept by who succeeds, and then nothing would be said of what is given back in a helper.
            locks = self.effects.vocabulary is call_vocabulary()
            return by_given(call, facts, asked, decides) if locks else asked(facts)

        def decides(number: int) -> bool:
            return call.arguments[number] not in sure | perhaps and any(number in self._asks(d) for d, _ in places)

        return Event(number, call.line, call, f"{call.callee}()", outcome)

    def _attempt(self, number: int, call: Call) -> Event:
        """A take that may fail: its result tells."""
        took, failed = Result(NEGATIVE | POSITIVE), Result(ZERO)
        if call.callee in self.effects.vocabulary.took_zero:
            took, failed = failed, Result(NEGATIVE) if call.callee in self.effects.vocabulary.negative else took
        tries = call.callee.removeprefix("folio_").startswith("try")

        def outcome(state: str, _facts: Facts) -> Outcome:
            to = self.machine.after(state, ("take",))
            says = self.machine.says(state, "take")
            if says and tries:
                return Outcome((Exit(state, failed),))
            exits = (Exit(to, took), Exit(state, failed)) if to != state or says else (Exit(state),)
            return Outcome(exits, ((says, f"{call.callee}()"),) if says else ())

        return Event(number, call.line, call, f"{call.callee}()", outcome)

    @staticmethod
    def _joined(call: Call, outcomes: list[Outcome]) -> Outcome:
        exits = sorted({one for outcome in outcomes for one in outcome.exits})
        wrongs = dict.fromkeys(
            (says, words if words.startswith(f"{call.callee}(") else f"{call.callee}() -> {words}")
            for outcome in outcomes
            for says, words in outcome.wrongs
        )
        unclear = next((outcome.unclear for outcome in outcomes if outcome.unclear), "")
        return Outcome(tuple(exits), tuple(wrongs), unclear)

    # One callee.

    def _of(
        self,
        definition: Definition,
        place: Given,
        state: str,
        call: Call,
        facts: Facts,
        depth: int,
    ) -> Outcome:
        marks = self.effects.of(definition, place).marks
        if all(self.machine.after(state, (mark,)) == state and not self.machine.says(state, mark) for mark in marks):
            return Outcome((Exit(state),))
        graph = self.effects.graph(definition)
        if graph is None or depth == 0:
            words = f"{definition.name}() lies too deep" if graph is not None else f"{definition.name}() did not parse"
            self._note_reached(TOO_DEEP if graph is not None else 0)
            return self._unseen(state, words)
        told = given_to(graph, call.arguments, thawed(facts))
        told = tuple(fact for fact in told if fact[0].partition("->")[0] in self._read(definition, graph))
        key = _Key(definition, place, state, told)
        known = self._known.get(key)
        if known is not None and known[1] <= depth:
            self._note_reached(known[1])
            return known[0]
        if (key, depth) in self._cut:
            self._note_reached(TOO_DEEP)
            return self._cut[key, depth]
        self._reached.append(1)
        outcome = self._summary(key, graph, marks, depth)
        deep = self._reached.pop()
        self._note_reached(deep)
        if deep < TOO_DEEP:
            self._known[key] = outcome, deep
        else:
            self._cut[key, depth] = outcome
        return outcome

    def _note_reached(self, deep: int) -> None:
        """Remember that what is being looked through has asked for a callee that looks so deep itself."""
        if self._reached:
            self._reached[-1] = max(self._reached[-1], deep + 1)

    def _unseen(self, state: str, words: str) -> Outcome:
        return Outcome((Exit(self.machine.after(state, ("unknown",))),), (), words)

    def _drops_its_own(
        self, graph: Graph, names: Collection[str], events: Mapping[int, tuple[Event, ...]]
    ) -> frozenset[int]:
        """The first releases behind the count of a function's own: they give that back, and not its caller's, where nobody else
        gets it and no way comes to them without it."""
        if self.effects.vocabulary is call_vocabulary() or any(
            not BEYOND.isdisjoint(one.marks) for every in events.values() for one in every
        ):
            return frozenset()
        words = self.effects.vocabulary
        counts = {
            number
            for number, node in enumerate(graph.nodes)
            for call in node.calls
            if call.callee in words.counts and is_alias("".join(call.arguments[:1]), names, words)
        }
        releases = {number for number, every in events.items() if any("release" in one.marks for one in every)}
        firsts = graph.behind(counts, releases) & releases
        return frozenset(firsts - graph.behind((0,), counts)) if counts else frozenset()

    def _read(self, definition: Definition, graph: Graph) -> frozenset[str]:
        """The parameters of a function that something in it is decided by."""
        if definition not in self._alive:
            self._alive[definition] = read_of(graph).lives[0].alive
        return self._alive[definition]

    def _asks(self, definition: Definition) -> frozenset[int]:
        """The places of the parameters by which a function may tell its callers' ways apart."""
        if definition not in self._asking:
            graph = self.effects.graph(definition)
            self._asking[definition] = asking(graph) if graph is not None else frozenset()
        return self._asking[definition]

    def _body(self, definition: Definition, place: Given, graph: Graph, depth: int) -> _Body:
        """What a callee does to the page, whatever is known of it and of the other arguments; the last ones are remembered."""
        key = (definition, place, depth)
        found = self._bodies.get(key)
        if found is None:
            if len(self._bodies) >= _BODIES:
                self._bodies.clear()
            found = self._bodies[key] = self._read_body(definition.path, place.name(graph), graph, depth)
        return found

    def _read_body(self, path: str, name: str, graph: Graph, depth: int) -> _Body:
        names = aliases(graph, name)
        events = self.events(graph, path, names, name, depth - 1)
        if counted(graph, names, self.effects.vocabulary):
            own = self._drops_its_own(graph, names, events)
            events = {
                n: tuple(e for e in every if n not in own and not OWN_COUNT.issuperset(e.marks or "?"))
                for n, every in events.items()
            }
        return _Body(graph, name, events, _loops_left(graph, events), _without_it(graph, name))

    def _summary(self, key: _Key, graph: Graph, marks: frozenset[str], depth: int) -> Outcome:
        body = self._body(key.definition, key.place, graph, depth)
        graph, name, turns = body.graph, body.name, body.turns
        empty = any(fact[0] == name and fact[1] & ZERO for fact in key.known)
        start = key.known if empty else (*(fact for fact in key.known if fact[0] != name), *sound(name))
        question = Question(graph, self.machine, body.events, key.state, known=start, limit=STOPS, turns=turns)
        found = explore(replace(question, refused=body.refused))
        exits = _told_apart({Exit(one.state, one.result) for one in found.arrivals})
        if not graph.whole:
            exits.add(Exit(self.machine.after(key.state, ("unknown",))))
        if not exits:  # it does not return
            return Outcome(())
        if marks == {"escape"} and graph.returns.endswith("*"):
            exits = _kept_in_result(exits, key.state)
        unclear = next(iter(found.unclear.values()), "")
        if marks & BEYOND or any(_COUNTS.match(call.callee) for call in graph.calls()):
            ways, exits = exits, _seen_through(exits, key.state)
            unclear = unclear or (f"{key.definition.name}() {AT_TIMES}" if exits != ways else "")
        if not unclear and turns and any(one.state == self.machine.after(key.state, ("unknown",)) for one in exits):
            unclear = f"{key.definition.name}() {IN_LOOP}"
        wrongs = tuple(dict.fromkeys((one.says, one.words) for one in found.wrongs))
        return Outcome(_few(exits), wrongs, unclear)


def _without_it(graph: Graph, name: str) -> Refusal:
    """The branches that say that there is nothing in a member by which a callee gets the page, `if (box->bh)`: it stands there
    until the callee sets that, or hands the structure to somebody, whatever is called in between."""
    owner, _, member = name.rpartition("->")
    if not owner:
        return nothing_refused
    given = {owner, f"&{name}"}
    sets = {
        number
        for number, node in enumerate(graph.nodes)
        if any(a.left == owner or a.left.rpartition("->")[2] == member for a in node.assignments)
        or any(not given.isdisjoint(call.arguments) for call in node.calls)
    }
    unset = [graph.nodes[n] for n in range(len(graph.nodes)) if n not in sets | graph.behind(sets)]
    asked = {id(node): condition_of(node) for node in unset if node.kind == "condition"}
    if not asked:
        return nothing_refused
    there = thawed(sound(name))
    return lambda node, label: id(node) in asked and assume(there, asked[id(node)], truth=label == "true") is None


def _kept_in_result(exits: set[Exit], state: str) -> set[Exit]:
    """The exits of a callee that does no more than to keep the page in what it returns: an error pointer keeps nothing.  One
    that is seen to fail with an error pointer, or with NULL, needs no other failure."""
    if any(one.result.pointer == ERROR or (one.result.signs == ZERO and one.state == state) for one in exits):
        return exits
    kept = {Exit(one.state, replace(one.result, pointer=one.result.pointer & POINTER)) for one in exits}
    return kept | {Exit(state, Result(NEGATIVE | POSITIVE, "", ERROR))}


def _told_apart(exits: set[Exit], *, by_state: bool = True) -> set[Exit]:
    """The exits, those that return something unknown as other than the function's own codes: it tells its caller by them (with
    `by_state` only by those that come with another state)."""
    codes = {one.result.constant: one.state for one in exits if _CODE.fullmatch(one.result.constant)}
    found = set()
    for one in exits:
        others = tuple(sorted(code for code, state in codes.items() if state != one.state or not by_state))
        found.add(
            Exit(one.state, replace(one.result, other_than=others)) if not one.result.constant and others else one
        )
    return found


def _loops_left(graph: Graph, events: Mapping[int, tuple[Event, ...]]) -> dict[tuple[int, str], str]:
    """The branches that leave a loop in which something is done to the page: how often it was run, nobody knows."""
    found: dict[tuple[int, str], str] = {}
    for number, node in enumerate(graph.nodes if events else ()):
        if node.kind != "condition":
            continue
        inside = graph.behind((number,)) & graph.before((number,))
        if number in inside and inside & events.keys():
            found |= {(number, label): "unknown" for after, label in node.successors if after not in inside}
    return found


def _seen_through(exits: set[Exit], state: str) -> set[Exit]:
    """The exits without those on which a callee that keeps the page, or that cannot be seen through, seems to have done nothing,
    although it may return the same when it did: whether it did is not known then, and nothing is said.  So does the one that
    counts who is to do it."""
    moved = [one for one in exits if one.state != state]
    return {one for one in exits if one.state != state or not any(one.result.meets(other.result) for other in moved)}


def _few(exits: set[Exit]) -> tuple[Exit, ...]:
    """The exits, by state alone where there are many."""
    if len(exits) > 16:
        exits = {Exit(one.state, _without_constant(one.result)) for one in exits}
    return tuple(sorted(exits))


def _without_constant(result: Result) -> Result:
    return Result(result.signs, "", result.pointer) if result.signs != ANY else ANYTHING


def _perhaps_only(call: Call, sure: Collection[str], perhaps: Collection[str]) -> bool:
    """Whether a call is given what is perhaps the page, and not the page itself: by such a name, or on one side of a choice."""
    words, here = call_vocabulary(), {*sure, *perhaps}
    plain = [text for text in call.arguments if not is_perhaps(text, here, words)]
    if not perhaps and len(plain) == len(call.arguments):
        return False
    return bool(given_places(call.arguments, here, words)) and not given_places(plain, sure, words)
