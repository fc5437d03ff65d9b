"""A Graph, a Machine and its Events -> Exploration, every (node, state, what is known) that a feasible way comes to.

Branches are kept apart while they differ in the state or in what is known of values that are still read: the property
simulation of ESP.  Where even that is too much, what is known is merged per node and state, so that the search always ends; and
where thousands of tests would be gone over anew for each of them, a node waits for all that comes to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.graphs.recent import Recent
from cocci_gen.code.searches.explorations import Arrival, Exploration, Stop, Wronged
from cocci_gen.code.searches.machines import ANYTHING, Event, Machine, Result
from cocci_gen.code.searches.paths import STATES
from cocci_gen.code.searches.read_graphs import read_of
from cocci_gen.code.searches.results import Results, may_choose, may_pass, returned, with_results
from cocci_gen.code.searches.waiting import AsTheyCome, InTurn
from cocci_gen.code.states.deeds import Condition, assume, chosen, condition_of, contradicts
from cocci_gen.code.states.known import (
    ANY,
    NEGATIVE,
    POSITIVE,
    THROUGHOUT,
    ZERO,
    Facts,
    Known,
    frozen,
    narrow,
    sides_of,
    thawed,
)
from cocci_gen.code.states.liveness import Lives

#: More facts than these are not remembered for the next search of a graph, nor so many sorts of names that are kept to the end.
_REMEMBERED, _SORTS = 6_000, 4
#: Facts that a merged search may number, for each stop that one which keeps ways apart may have: 1.2 million, 0.2 GB.
_FACTS = 40
Refusal = Callable[[Node, str], bool]


def nothing_refused(_node: Node, _label: str) -> bool:
    """The refusal of a search that takes all branches."""
    return False


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched: from where and in which state, what is known there, which branches are not taken, over which node (by its
    branch `over_label`, "" for any) the ways must be told to lead (-1 for none), and which names must be remembered to the end.
    `turns` are branches that move the state by a mark, `agreeing` the tests that have one outcome on a way, whatever is called
    in between."""

    graph: Graph
    machine: Machine
    events: Mapping[int, tuple[Event, ...]]
    state: str
    start: int = 0
    known: Facts = ()
    refused: Refusal = nothing_refused
    over: int = -1
    kept: frozenset[str] = frozenset()
    limit: int = STATES
    turns: Mapping[tuple[int, str], str] = field(default_factory=dict)
    over_label: str = ""
    agreeing: frozenset[str] = frozenset()


def explore(question: Question) -> Exploration:
    """Every stop that a feasible way comes to; with values merged where there are more than the limit."""
    found = (_Search(question, manner).run() for manner in _Manner)
    return next((one for one in found if one is not None), Exploration(merged=True))


class _Manner(Enum):
    """How a search goes, the one that tells most first: it keeps apart what is known on each way, merges it, or merges and has a
    node wait for all that comes to it, which ends soonest and finds ways that are not the shortest."""

    APART = 1
    MERGED = 2
    IN_TURN = 3


class _Tables:
    """What a graph makes of what is known, whatever is searched for: the same for all searches of it that refuse no branch and
    remember the same names to the end."""

    def __init__(self) -> None:
        #: What was known somewhere, and the number of each: a number is compared in no time, and what is known is not.
        self.known: list[Facts] = []
        self.numbers: dict[Facts, int] = {}
        self.spelled: dict[int, Known] = {}
        self.behind: dict[tuple[int, int], tuple[Known, Known]] = {}
        self.onward: dict[tuple[int, int, Results], tuple[tuple[int, str, int], ...]] = {}


_TABLES = Recent[dict[frozenset[str], _Tables]](lambda _graph: {})


def _tables_for(question: Question, manner: _Manner) -> _Tables:
    """The tables that a search goes on with: of one that merges what is known, which is weighed, its own."""
    if manner is not _Manner.APART or question.agreeing or question.refused is not nothing_refused:
        return _Tables()
    every = _TABLES.of(question.graph)
    found = every.get(question.kept)
    if found is None or len(found.known) > _REMEMBERED:
        if len(every) >= _SORTS:
            every.clear()
        found = every[question.kept] = _Tables()
    return found


_LIVES = Recent[dict[frozenset[str], list[Lives]]](lambda _graph: {})


def _lives_for(graph: Graph, plain: list[Lives], kept: frozenset[str]) -> list[Lives]:
    """What is of use in front of each node where some names are remembered to the end."""
    if not kept:
        return plain
    every = _LIVES.of(graph)
    if kept not in every:
        every[kept] = [Lives(one.alive | kept) for one in plain]
    return every[kept]


class _Search:
    def __init__(self, question: Question, manner: _Manner) -> None:
        self.question = question
        self.graph = question.graph
        self.manner = manner
        self.found = Exploration(merged=manner is not _Manner.APART)
        read = read_of(question.graph)
        self.deeds, self.asserting, self.stored = read.deeds, read.asserting, read.stored
        self.sentinels = read.sentinels
        self.lives = _lives_for(question.graph, read.lives, question.kept)
        self.queue = InTurn(question.graph) if manner is _Manner.IN_TURN else AsTheyCome()
        self.weight = 0
        tables = _tables_for(question, manner)
        self.known, self.numbers, self.spelled = tables.known, tables.numbers, tables.spelled
        self.behind, self.onward = tables.behind, tables.onward
        self.seen: set[tuple[int, str, int, bool]] = set()
        self.joined: dict[tuple[int, str, bool], Facts] = {}
        self.told: set[tuple[int, int, str]] = set()
        self.arrived: set[tuple[int, str, bool, Result, Facts]] = set()
        self.ways_out: dict[int, tuple[tuple[int, str], ...]] = {}
        self.live_on: dict[tuple[int, int], bool] = {}

    def run(self) -> Exploration | None:
        """The exploration; None when there are too many stops to keep apart."""
        told = self._numbered(tuple(sorted(self.question.known)))
        self._visit(self.question.start, self.question.state, told, passed=False, link=None)
        while self.queue:
            stop, told = self.queue.next()
            if self.manner is _Manner.IN_TURN and self.joined[stop.node, stop.state, stop.passed] != stop.facts:
                continue  # less is known there by now, and goes on from there by itself
            self._go_on(stop, told)
            if self._is_too_much():
                return None
        return self.found

    def _is_too_much(self) -> bool:
        if self.manner is _Manner.APART:
            return len(self.found.before) > self.question.limit
        return self.manner is _Manner.MERGED and self.weight > self.question.limit * _FACTS

    def _numbered(self, facts: Facts) -> int:
        """The number of what is known."""
        number = self.numbers.setdefault(facts, len(self.known))
        if number == len(self.known):
            self.known.append(facts)
            self.weight += len(facts)
        return number

    def _visit(self, node: int, state: str, told: int, *, passed: bool, link: tuple[Stop, str] | None) -> None:
        if self.found.merged:
            place = (node, state, passed)
            old = self.joined.get(place)
            facts = self.known[told] if old is None else _common(old, self.known[told])
            if old is not None and facts == old:
                return
            self.joined[place] = facts
            told = self._numbered(facts)
        key = (node, state, told, passed)
        if key not in self.seen:
            self.seen.add(key)
            stop = Stop(node, state, self.known[told], passed)
            self.found.before[stop] = link
            self.found.states.setdefault(node, set()).add(state)
            self.queue.add(stop, told)

    def _go_on(self, stop: Stop, known: int) -> None:
        number, turns = stop.node, self.question.turns
        node = self.graph.nodes[number]
        nothing_done: list[tuple[str, Results]] = [(stop.state, ())]  # at most nodes
        for state, results in self._through(stop) if number in self.question.events else nothing_done:
            if node.kind == "return":
                facts = with_results(self._behind(number, known)[1], node, results)
                if facts is not None:
                    self._arrive(stop, node, state, facts, results)
                continue
            for successor, label, told in self._onward(number, known, results):
                passed = stop.passed or self._leads_over(number, label)
                turn = turns.get((number, label)) if turns else None
                moved = self.question.machine.after(state, (turn,)) if turn else state
                self._visit(successor, moved, told, passed=passed, link=(stop, label))

    def _behind(self, number: int, told: int) -> tuple[Known, Known]:
        """What is known in front of a node, and behind what it does."""
        key = (number, told)
        found = self.behind.get(key)
        if found is None:
            old = self.spelled.get(told)
            if old is None:
                old = thawed(self.known[told])
                self.spelled[told] = old
            behind = self.deeds[number].behind(old)
            if self.stored[number]:
                behind = _written_through(behind, self.stored[number])
            if number in self.sentinels:
                behind = behind | thawed(self.sentinels[number])
            found = self.behind[key] = old, behind
        return found

    def _onward(self, number: int, told: int, results: Results) -> tuple[tuple[int, str, int], ...]:
        """The nodes that may follow, each with the branch to it and what is known there; many states share an answer."""
        key = (number, told, results)
        found = self.onward.get(key)
        if found is None:
            found = self.onward[key] = tuple(self._following(number, told, results))
        return found

    def _following(self, number: int, told: int, results: Results) -> list[tuple[int, str, int]]:
        node = self.graph.nodes[number]
        old, behind = self._behind(number, told)
        facts = with_results(behind, node, results) if results else behind
        if number in self.asserting:
            facts = _asserted(facts, node, results)
        if facts is None:
            return []
        asked, remembered = self.deeds[number].condition, self.deeds[number].remembered
        if remembered is not None:
            return [
                (successor, label, self._narrowed(then, successor))
                for then in remembered.told_apart(facts)
                for successor, label in self._ways_out(number)
            ]
        found = []
        for successor, label in self._ways_out(number):
            then: Known | None = facts
            if asked is not None:
                then = self._agreed(_decided(old, facts, node, asked, results, truth=label == "true"), node.text, label)
            elif node.kind == "switch":
                may = all(may_choose(node, label, call, result) for call, result in results)
                then = chosen(facts, node, label) if may else None
            if then is not None:
                if then is not old:
                    now = self._narrowed(then, successor)
                else:
                    now = told if self._all_live_on(number, successor) else self._kept(told, successor)
                found.append((successor, label, now))
        return found

    def _ways_out(self, number: int) -> tuple[tuple[int, str], ...]:
        """The branches of a node that may be taken, each with the node that it leads to."""
        found = self.ways_out.get(number)
        if found is None:
            node = self.graph.nodes[number]
            found = tuple((after, label) for after, label in node.successors if not self.question.refused(node, label))
            self.ways_out[number] = found
        return found

    def _agreed(self, facts: Known | None, test: str, label: str) -> Known | None:
        """What is known on a branch of a test that has one outcome throughout."""
        if not self.question.agreeing:
            return facts
        asked = test if test in self.question.agreeing else test.replace(" != ", " == ")
        if facts is None or asked not in self.question.agreeing:
            return facts
        holds = (label == "true") == (asked == test)
        return narrow(facts, f"{THROUGHOUT}{asked}", POSITIVE if holds else ZERO, "")

    def _leads_over(self, number: int, label: str) -> bool:
        return number == self.question.over and self.question.over_label in ("", label)

    def _narrowed(self, facts: Known, successor: int) -> int:
        """What of something known is of use at a node."""
        lives = self.lives[successor]
        told = sorted([(key, signs, constant) for key, (signs, constant) in facts.items() if lives[key]])
        return self._numbered(tuple(told))

    def _all_live_on(self, number: int, successor: int) -> bool:
        """Whether all that may be known in front of a node is of use in front of the next: so it is on half of the ways, where
        nothing need be looked through.  What is known at the start, the caller has said, whether it is of use or not."""
        found = self.live_on.get((number, successor))
        if found is None:
            lives = self.lives[number].alive <= self.lives[successor].alive
            found = self.live_on[number, successor] = lives and number != self.question.start
        return found

    def _kept(self, told: int, successor: int) -> int:
        """The same of what is known in front of a node that changes nothing of it."""
        lives, facts = self.lives[successor], self.known[told]
        kept = tuple([one for one in facts if lives[one[0]]])
        return told if len(kept) == len(facts) else self._numbered(kept)

    def _through(self, stop: Stop) -> list[tuple[str, Results]]:
        """The states behind a node's events, each with what its calls returned then."""
        ways: list[tuple[str, Results]] = [(stop.state, ())]
        for number, event in enumerate(self.question.events[stop.node]):
            following: dict[tuple[str, Results], None] = {}
            for state, results in ways:
                outcome = event.outcome(state, stop.facts)
                for says, words in outcome.wrongs:
                    if (stop.node, number, says) not in self.told:
                        self.told.add((stop.node, number, says))
                        self.found.wrongs.append(Wronged(stop, event, says, words))
                if outcome.unclear:
                    self.found.unclear.setdefault(stop.node, outcome.unclear)
                for one in outcome.exits:
                    more = ((event.call, one.result),) if event.call is not None and one.result != ANYTHING else ()
                    following[one.state, results + more] = None
            ways = list(following)
        return ways

    def _arrive(self, stop: Stop, node: Node, state: str, facts: Known, results: Results) -> None:
        for text, known in sides_of(node.returned, facts):
            result = returned(text, known, results)
            told = frozen(known)
            key = (stop.node, state, stop.passed, result, told if self.question.kept else ())
            if key not in self.arrived:
                self.arrived.add(key)
                self.found.arrivals.append(Arrival(stop, stop.node, state, result, told))


def _common(one: Facts, other: Facts) -> Facts:
    """What is known in both."""
    there = thawed(other)
    found = []
    for key, signs, constant in one:
        if key in there:
            both, same = signs | there[key][0], constant if constant == there[key][1] else ""
            if (both, same) != (ANY, ""):
                found.append((key, both, same))
    return tuple(found)


def _written_through(facts: Known, pointers: Iterable[str]) -> Known:
    """What is known behind such a use of pointers: they are neither NULL nor errors."""
    for pointer in pointers:
        told = narrow(facts, pointer, NEGATIVE | POSITIVE, "")
        facts = {**(facts if told is None else told), f"IS_ERR({pointer})": (ZERO, "")}
    return facts


def _asserted(facts: Known | None, node: Node, results: Results) -> Known | None:
    """What is known behind a BUG_ON(): its condition does not hold; None when it does, be it by what a call in it returned."""
    for call in node.calls if facts is not None and node.kind == "statement" else ():
        if call.callee == "BUG_ON" and facts is not None and len(call.arguments) == 1:
            if not all(may_pass(call.arguments[0], one, result, truth=False) for one, result in results):
                return None
            asked = condition_of(Node("condition", call.line, call.arguments[0], (), (), ()))
            facts = assume(facts, asked, truth=False)
    return facts


def _decided(old: Known, facts: Known, node: Node, asked: Condition, results: Results, *, truth: bool) -> Known | None:
    """What is known on a branch; None when the way cannot take it."""
    if asked.stepped and contradicts(old, asked, truth=truth):
        return None
    for call, result in results:
        if not may_pass(node.text, call, result, truth=truth):
            return None
    return assume(facts, asked, truth=truth)
