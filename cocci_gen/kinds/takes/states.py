"""A function and a State -> Holding, what it takes of something that is not its own: a lock, protection against freezing.

Nobody else can have what is taken, and it goes by no other name: what counts are the calls that take and release it of the same
expression, and functions of the folder that may release it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.machines import Event, Exit, Outcome, Result
from cocci_gen.code.paths import NEGATIVE, POSITIVE, ZERO, Facts
from cocci_gen.code.search import Arrival, Exploration, Question, Wronged, explore
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.pages import call_vocabulary
from cocci_gen.kinds.takes.holding import STOPS, TAKES, Holding, Sure, fails
from cocci_gen.kinds.takes.texts import called_names
from cocci_gen.kinds.takes.things import Thing
from cocci_gen.own_words import with_own_words
from cocci_gen.resources import data_tables

#: Calls deep that a helper is looked into for a release.
_DEPTH = 2
_BASE = re.compile(r"[A-Za-z_]\w*")
_LEAVES = re.compile(rb"\breturn\b")
_GOES = re.compile(rb"\bgoto (\w+)")
_CALLED = re.compile(r"\b([A-Za-z_]\w*) ?\(")


@dataclass(frozen=True, slots=True)
class State:
    """One sort of state, with the fields of states.toml; `thing` is what a Holding of it tells."""

    thing: Thing
    zero: frozenset[str]
    nonzero: frozenset[str]
    release: frozenset[str]
    #: A release in a text, and what it is given.
    given: re.Pattern[str]
    taken: re.Pattern[bytes]
    released: re.Pattern[bytes]

    def takes(self, call: Call) -> bool:
        """Whether a call may take it."""
        return bool(call.arguments) and call.callee in self.thing.taking | self.zero | self.nonzero

    def in_text(self, text: bytes) -> bool:
        """Whether the text of a function may keep it: a way leads out between the first taking and the last release, or past
        that."""
        names = called_names(text)
        if names.isdisjoint(self.release) or names.isdisjoint(self.thing.taking | self.zero | self.nonzero):
            return False
        first = self.taken.search(text)
        ends = [found.start() for found in self.released.finditer(text)] if first else []
        if first is None or not ends or ends[-1] < first.start():
            return False
        between, behind = text[first.start() : ends[-1]], text[ends[-1] :]
        if _LEAVES.search(between) or len(_LEAVES.findall(behind)) > 1:
            return True
        return any(re.search(rb"(?m)^[ \t]*" + label + rb"[ \t]*:", behind) for label in _GOES.findall(between))


@with_own_words
def states() -> tuple[State, ...]:
    """The sorts of states, as they ship with the package."""
    return tuple(_state(name, entry) for name, entry in data_tables("kinds/takes/states.toml")["state"].items())


def _state(name: str, entry: Mapping[str, Any]) -> State:
    word, kept = entry["words"]
    taking, zero, nonzero, release = (frozenset(entry[key]) for key in ("taking", "zero", "nonzero", "release"))
    none = frozenset[str]()
    vocabulary = replace(call_vocabulary(), marks={one: frozenset({"release"}) for one in release})
    thing = Thing(name, word, kept, none, none, none, none, taking, none, {}, none, vocabulary)
    given = re.compile(rf"\b(?:{'|'.join(sorted(release))}) ?\(([^,;]*)[,)]")
    return State(thing, zero, nonzero, release, given, _called(taking | zero | nonzero), _called(release))


def _called(names: Iterable[str]) -> re.Pattern[bytes]:
    """What a text has that calls one of the functions."""
    return re.compile(rf"\b(?:{'|'.join(sorted(names))}) ?\(".encode())


@dataclass(frozen=True, slots=True)
class StateHolding(Holding):
    """What a function takes of one expression; `agreeing` are tests that have one outcome on a way."""

    agreeing: frozenset[str]

    @property
    def unsure(self) -> str:
        """What a branch around a release leaves open."""
        return f"whether {self.name} is held"

    def explored(self, known: Facts = ()) -> Exploration:
        """Every way through the function."""
        question = Question(self.graph, TAKES, self.events, TAKES.start, known=known, limit=STOPS)
        return explore(replace(question, turns=self.turns, agreeing=self.agreeing))

    def twice(self, seen: Exploration) -> tuple[Wronged, ...]:  # noqa: ARG002 - nothing is told of that
        """Nothing: the rules about locks ask for that."""
        return ()

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first failing way that keeps it, in a function that gives it back on another: one that never does
        takes it for its caller.  Where tests were forgotten that decide on taking and on release, nothing is known."""
        if seen.merged or not any(one.state == "back" for one in seen.arrivals):
            return ()
        return seen.firsts(self.keeps)

    def keeps(self, arrival: Arrival) -> bool:
        """Whether a return is come to with it held, and must not be: a fault handler hands nothing over, whatever it returns."""
        return arrival.state in TAKES.open and ("fault" in self.graph.returns or fails(self.graph, arrival))

    def forgotten(self, seen: Exploration) -> tuple[Arrival, ...]:  # noqa: ARG002 - success may hand it over
        """Nothing: who does not fail may take it for the caller."""
        return ()


def state_holdings(graph: Graph, path: str, state: State, index: KernelIndex) -> tuple[StateHolding, ...]:
    """One for each expression that a function takes the state of and may keep it on some way."""
    takers: dict[str, list[tuple[int, Call]]] = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if state.takes(call):
                takers.setdefault(_of(call), []).append((number, call))
    readers = (_Reader(graph, path, state, index, name, frozenset(takers) - {name}) for name in takers)
    return tuple(one.holding(tuple(takers[one.name])) for one in readers if one.may_be_kept(takers[one.name]))


def _of(call: Call) -> str:
    """What a call takes or releases the state of."""
    return call.arguments[0].removeprefix("&") if call.arguments else ""


def _member(expression: str) -> str:
    """The member that an expression ends in, "" for a variable."""
    found = re.search(r"(?:->|\.) ?(\w+)\W*$", expression)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what a function does to the state of one expression; `others` are those that it takes beside it."""

    graph: Graph
    path: str
    state: State
    index: KernelIndex
    name: str
    others: frozenset[str]

    def may_be_kept(self, calls: Iterable[tuple[int, Call]]) -> bool:
        """Whether some way, feasible or not, leads from the taking to a return past every release."""
        nodes = self.graph.nodes
        gone = {number for number, node in enumerate(nodes) if any(self._releases(call) for call in node.calls)}
        behind = self.graph.behind([number for number, _ in calls], gone) - gone
        return bool(gone) and any(nodes[number].kind == "return" for number in behind)

    def holding(self, calls: tuple[tuple[int, Call], ...]) -> StateHolding:
        """What is taken by some calls, and what becomes of it."""
        events = {number: tuple(self._events(number, node)) for number, node in enumerate(self.graph.nodes)}
        events = {number: every for number, every in events.items() if every}
        turns = _missing(self.graph, self.name) | _perhaps_released(self.graph, self.state)
        return StateHolding(
            graph=self.graph,
            thing=self.state.thing,
            name=self.name,
            names=frozenset(),
            takers=calls,
            sure=Sure.CERTAIN,
            turns=turns,
            events=events,
            may=lambda _call, _facts: True,
            agreeing=_agreeing(self.graph),
        )

    def _releases(self, call: Call) -> bool:
        """Whether a call releases it: it says so, or the function takes nothing else of the sort that it could mean."""
        return call.callee in self.state.release and (_of(call) == self.name or not self.others)

    def _events(self, number: int, node: Node) -> Iterator[Event]:
        for call in node.calls:
            if self.state.takes(call):
                if _of(call) == self.name:
                    yield _taking(number, call, self.state)
            elif self._releases(call):
                yield _always(number, call, "release")
            elif call.callee in self.state.release:
                if _of(call) not in self.others:  # it may go by another name here
                    yield _always(number, call, "unknown")
            elif call.direct and self._may_release(call.callee, self.path, _DEPTH):
                yield _always(number, call, "unknown")
        base = _BASE.match(self.name)
        for one in node.assignments:  # who finds it there may release it
            if base and one.right == base[0] and not one.left.isidentifier():
                yield _always(number, Call("", True, (), one.line), "escape")

    def _may_release(self, callee: str, path: str, depth: int) -> bool:
        """Whether a function of the folder, or one that it calls, releases such a state by its text: of the same member, or of
        what it is given."""
        for one in self.index.definitions_in(callee, path.rpartition("/")[0]):
            if one.span.static and one.path != path:
                continue
            text = self.index.text_of(one).decode("utf-8", "replace")
            called = set(_CALLED.findall(text)) - {callee}
            given = (found[1] for found in self.state.given.finditer(text)) if called & self.state.release else ()
            if any(_member(of) in ("", _member(self.name)) for of in given):
                return True
            if depth > 1 and any(self._may_release(name, one.path, depth - 1) for name in called):
                return True
        return False


def _taking(number: int, call: Call, state: State) -> Event:
    taken, failed = Result(), tuple[Result, ...]()
    if call.callee in state.zero:
        taken, failed = Result(ZERO), (Result(NEGATIVE),)
    elif call.callee in state.nonzero:
        taken, failed = Result(NEGATIVE | POSITIVE), (Result(ZERO),)

    def outcome(before: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(TAKES.after(before, ("take",)), taken), *(Exit(before, one) for one in failed)))

    return Event(number, call.line, call, f"{call.callee}()", outcome)


def _always(number: int, call: Call, mark: str) -> Event:
    note = f"{call.callee}() may release it" if mark == "unknown" else f"{call.callee}()"

    def outcome(before: str, _facts: Facts) -> Outcome:
        # Who may release what is released already is no matter: the lock was taken and given back by the function itself.
        after = before if mark == "unknown" and before == "back" else TAKES.after(before, (mark,))
        return Outcome((Exit(after),), (), note if after == "unseen" != before else "")

    return Event(number, call.line, call, note, outcome, (mark,))


def _missing(graph: Graph, name: str) -> dict[tuple[int, str], str]:
    """The branches that say that there is nothing of which it could be taken."""
    ways = {name[: found.start()].strip("()") for found in re.finditer(r"->|\.", name)}
    tests = ((number, node) for number, node in enumerate(graph.nodes) if node.kind == "condition")
    return {(number, "false"): "lost" for number, node in tests if node.text.strip("()") in ways}


def _perhaps_released(graph: Graph, state: State) -> dict[tuple[int, str], str]:
    """The branches around a release that is made under a test, `if (locked) mutex_unlock(...);`: whether it is held there, the
    test knows better."""
    found: dict[tuple[int, str], str] = {}
    for number, node in enumerate(graph.nodes):
        if node.kind != "condition" or len(node.successors) != 2:
            continue
        for (after, _), (beside, label) in (node.successors, node.successors[::-1]):
            release = _straight_to_release(graph, state, after)
            if release is not None and _joins(graph, state, release, beside):
                found[number, label] = "unknown"
    return found


def _straight_to_release(graph: Graph, state: State, number: int) -> int | None:
    """The node of a release that a way comes to without another choice."""
    near = graph.straight(number)
    return next((n for n in near if any(call.callee in state.release for call in graph.nodes[n].calls)), None)


def _joins(graph: Graph, state: State, release: int, beside: int) -> bool:
    """Whether the way behind a release goes on where the branch around it does."""
    return beside in graph.behind((release,), {n for n, node in enumerate(graph.nodes) if node.kind == "return"}) and (
        _straight_to_release(graph, state, beside) is None
    )


def _agreeing(graph: Graph) -> frozenset[str]:
    """The tests that are made more than once of what the function does not set in between."""
    changed = {a.left for a in graph.assignments() if not a.declares}
    tests = Counter(
        node.text.replace(" != ", " == ")  # the search knows one by the other
        for node in graph.nodes
        if node.kind == "condition"
        and all(call.callee.isupper() for call in node.calls)  # `BOX_I(inode)->flags & BOX_BUSY`
    )
    asked = {text for text, times in tests.items() if times > 1}
    return frozenset(
        text for text in asked if not any(re.search(rf"\b{re.escape(place)}\b", text) for place in changed)
    )
