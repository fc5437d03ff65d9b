"""A Graph, a Machine and its Events -> Exploration, every (node, state, what is known) that a feasible way comes to.

Branches are kept apart while they differ in the state or in what is known of values that are still read: the property
simulation of ESP.  Where even that is too much, what is known is merged per node and state, so that the search always ends; and
where thousands of tests would be gone over anew for each of them, a node waits for all that comes to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.graphs.recent import Recent
from cocci_gen.code.searches.explorations import Arrival, Exploration, Step, Stop, Trail, Wronged
from cocci_gen.code.searches.machines import ANYTHING, Event, Machine, Result
from cocci_gen.code.searches.paths import STATES
from cocci_gen.code.searches.read_graphs import read_of
from cocci_gen.code.searches.results import Results, may_choose, may_pass, returned, with_results
from cocci_gen.code.searches.waiting import InTurn
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


#: The nodes that may follow one, each with the branch to it and the number of what is known there.
_Onward = tuple[tuple[int, str, int], ...]


class _Numbers:
    """What was known somewhere, and the number of each: a number is compared in no time, and what is known is not."""

    def __init__(self) -> None:
        self.known: list[Known] = []
        #: How much is known in all.
        self.weight = 0
        self._spelled: dict[int, Facts] = {}
        #: By the sum of what is known; of two with one sum the second has the next.
        self._numbers: dict[int, int] = {}
        #: What the caller tells of one place in two ways.
        self._doubled: dict[Facts, int] = {}

    def of(self, known: Known) -> int:
        """The number of what is known, which is kept."""
        mark, numbers = hash(frozenset(known.items())), self._numbers
        while (number := numbers.get(mark)) is not None:
            if self.known[number] == known:
                return number
            mark += 1
        numbers[mark] = number = self._add(known)
        return number

    def of_facts(self, facts: Facts) -> int:
        """The same of what is spelled out."""
        known = thawed(facts)
        if len(known) == len(facts):
            return self.of(known)
        number = self._doubled.get(facts)
        if number is None:
            number = self._doubled[facts] = self._add(known)
            self._spelled[number] = facts
        return number

    def _add(self, known: Known) -> int:
        self.known.append(known)
        self.weight += len(known)
        return len(self.known) - 1

    def facts(self, number: int) -> Facts:
        """What has a number, spelled out."""
        found = self._spelled.get(number)
        if found is None:
            found = self._spelled[number] = frozen(self.known[number])
        return found

    def is_doubled(self, number: int) -> bool:
        """Whether the caller tells of one place in two ways."""
        return bool(self._doubled) and number in self._doubled.values()


class _Tables:
    """What a graph makes of what is known, whatever is searched for: the same for all searches of it that refuse no branch and
    remember the same names to the end."""

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.behind: dict[tuple[int, int], Known] = {}
        #: What follows a node, by what is known in front of it, where no call of it tells what it returned, and where some do.
        self.plain: dict[tuple[int, int], _Onward] = {}
        self.told: dict[tuple[int, int, Results], _Onward] = {}
        #: Whether all that may be known in front of one node is of use in front of the next.
        self.live_on: dict[tuple[int, int], bool] = {}


_TABLES = Recent[dict[frozenset[str], _Tables]](lambda _graph: {})


def _tables_for(question: Question, manner: _Manner) -> _Tables:
    """The tables that a search goes on with: of one that merges what is known, which is weighed, its own."""
    if manner is not _Manner.APART or question.agreeing or question.refused is not nothing_refused:
        return _Tables()
    every = _TABLES.of(question.graph)
    found = every.get(question.kept)
    if found is None or len(found.numbers.known) > _REMEMBERED:
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
        more = {one.alive: Lives(one.alive | kept) for one in plain}
        every[kept] = [more[one.alive] for one in plain]
    return every[kept]


class _Search:
    def __init__(self, question: Question, manner: _Manner) -> None:
        self.question = question
        self.graph = question.graph
        self.manner = manner
        read = read_of(question.graph)
        self.deeds, self.asserting, self.stored = read.deeds, read.asserting, read.stored
        self.sentinels = read.sentinels
        self.lives = _lives_for(question.graph, read.lives, question.kept)
        self.queue: deque[Step] | InTurn = InTurn(question.graph) if manner is _Manner.IN_TURN else deque()
        tables = _tables_for(question, manner)
        self.numbers, self.behind = tables.numbers, tables.behind
        self.plain, self.told_on, self.live_on = tables.plain, tables.told, tables.live_on
        self.apart = manner is _Manner.APART
        #: Each step that was come to, with the one before it and the branch to it.
        self.links: dict[Step, tuple[Step, str] | None] = {}
        self.found = Exploration(Trail(self.links, self.numbers.facts), merged=not self.apart)
        self.joined: dict[tuple[int, str, bool], int] = {}
        self.told: set[tuple[int, int, str]] = set()
        self.arrived: set[tuple[int, str, bool, Result, Facts]] = set()
        self.ways_out: dict[int, tuple[tuple[int, str], ...]] = {}

    def run(self) -> Exploration | None:
        """The exploration; None when there are too many stops to keep apart."""
        question, queue = self.question, self.queue
        told = self.numbers.of_facts(tuple(sorted(question.known)))
        self._visit((question.start, question.state, told, False), None)
        apart, links, most = self.apart, self.links, question.limit
        while queue:
            step = queue.popleft()
            if self.manner is _Manner.IN_TURN and self.joined[step[0], step[1], step[3]] != step[2]:
                continue  # less is known there by now, and goes on from there by itself
            self._go_on(step)
            if len(links) > most if apart else self._weighs_too_much():
                return None
        return self.found

    def _weighs_too_much(self) -> bool:
        return self.manner is _Manner.MERGED and self.numbers.weight > self.question.limit * _FACTS

    def _visit(self, step: Step, link: tuple[Step, str] | None) -> None:
        if not self.apart:
            node, state, told, passed = step
            place = (node, state, passed)
            old = self.joined.get(place)
            if old is not None:
                told = self._common(old, told)
                if told == old:
                    return
                step = (node, state, told, passed)
            self.joined[place] = told
        if step not in self.links:
            self.links[step] = link
            self.queue.append(step)

    def _common(self, one: int, other: int) -> int:
        """The number of what is known in both."""
        if one == other and not self.numbers.is_doubled(one):
            return one
        return self.numbers.of_facts(_common(self.numbers.facts(one), self.numbers.facts(other)))

    def _go_on(self, step: Step) -> None:
        number, state, known, passed = step
        node, question = self.graph.nodes[number], self.question
        ways = self._through(step) if number in question.events else [(state, ())]  # at most nodes nothing is done
        if node.kind == "return":
            self._return(step, node, ways)
            return
        turns, over, links = question.turns, number == question.over and not passed, self.links
        for state, results in ways:
            onward = None if results else self.plain.get((number, known))
            for successor, label, told in self._onward(number, known, results) if onward is None else onward:
                moved, there = state, passed
                if over:
                    there = question.over_label in ("", label)
                if turns and (turn := turns.get((number, label))):
                    moved = question.machine.after(state, (turn,))
                after = (successor, moved, told, there)
                if not self.apart:
                    self._visit(after, (step, label))
                elif after not in links:
                    links[after] = step, label
                    self.queue.append(after)

    def _return(self, step: Step, node: Node, ways: Iterable[tuple[str, Results]]) -> None:
        for state, results in ways:
            facts = with_results(self._behind(step[0], step[2]), node, results)
            if facts is not None:
                self._arrive(step, node, state, facts, results)

    def _behind(self, number: int, told: int) -> Known:
        """What is known behind what a node does; the same object where that is nothing else."""
        key = (number, told)
        found = self.behind.get(key)
        if found is None:
            found = self.deeds[number].behind(self.numbers.known[told])
            if self.stored[number]:
                found = _written_through(found, self.stored[number])
            if number in self.sentinels:
                found = found | thawed(self.sentinels[number])
            self.behind[key] = found
        return found

    def _onward(self, number: int, told: int, results: Results) -> _Onward:
        """The nodes that may follow, each with the branch to it and what is known there; many states share an answer."""
        if not results:
            found = self.plain[number, told] = tuple(self._following(number, told, results))
            return found
        known = self.told_on.get((number, told, results))
        if known is None:
            known = self.told_on[number, told, results] = tuple(self._following(number, told, results))
        return known

    def _following(self, number: int, told: int, results: Results) -> list[tuple[int, str, int]]:
        node, deed = self.graph.nodes[number], self.deeds[number]
        old, behind = self.numbers.known[told], self._behind(number, told)
        facts = with_results(behind, node, results) if results else behind
        if number in self.asserting:
            facts = _asserted(facts, node, results)
        if facts is None:
            return []
        asked = deed.condition
        if deed.remembered is not None:
            return [
                (successor, label, self._narrowed(then, successor))
                for then in deed.remembered.told_apart(facts)
                for successor, label in self._ways_out(number)
            ]
        found = []
        for successor, label in self._ways_out(number):
            then: Known | None = facts
            if asked is not None:
                then = _decided(old, facts, node, asked, results, truth=label == "true")
                if self.question.agreeing:
                    then = self._agreed(then, node.text, label)
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
        node, refused = self.graph.nodes[number], self.question.refused
        if refused is nothing_refused:
            return node.successors
        found = self.ways_out.get(number)
        if found is None:
            found = tuple((after, label) for after, label in node.successors if not refused(node, label))
            self.ways_out[number] = found
        return found

    def _agreed(self, facts: Known | None, test: str, label: str) -> Known | None:
        """What is known on a branch of a test that has one outcome throughout."""
        asked = test if test in self.question.agreeing else test.replace(" != ", " == ")
        if facts is None or asked not in self.question.agreeing:
            return facts
        holds = (label == "true") == (asked == test)
        return narrow(facts, f"{THROUGHOUT}{asked}", POSITIVE if holds else ZERO, "")

    def _narrowed(self, facts: Known, successor: int) -> int:
        """What of something known is of use at a node."""
        lives = self.lives[successor]
        return self.numbers.of({key: told for key, told in facts.items() if lives[key]})

    def _all_live_on(self, number: int, successor: int) -> bool:
        """Whether all that may be known in front of a node is of use in front of the next: so it is on half of the ways, where
        nothing need be looked through.  What is known at the start, the caller has said, whether it is of use or not."""
        if number == self.question.start:
            return False
        found = self.live_on.get((number, successor))
        if found is None:
            found = self.live_on[number, successor] = self.lives[number].alive <= self.lives[successor].alive
        return found

    def _kept(self, told: int, successor: int) -> int:
        """The same of what is known in front of a node that changes nothing of it."""
        if self.numbers.is_doubled(told):
            lives = self.lives[successor]
            return self.numbers.of_facts(tuple(one for one in self.numbers.facts(told) if lives[one[0]]))
        return self._narrowed(self.numbers.known[told], successor)

    def _through(self, step: Step) -> list[tuple[str, Results]]:
        """The states behind a node's events, each with what its calls returned then."""
        at, state, told, _ = step
        facts = self.numbers.facts(told)
        ways: list[tuple[str, Results]] = [(state, ())]
        for number, event in enumerate(self.question.events[at]):
            following: dict[tuple[str, Results], None] = {}
            for before, results in ways:
                outcome = event.outcome(before, facts)
                for says, words in outcome.wrongs:
                    if (at, number, says) not in self.told:
                        self.told.add((at, number, says))
                        self.found.wrongs.append(Wronged(self._stop(step), event, says, words))
                if outcome.unclear:
                    self.found.unclear.setdefault(at, outcome.unclear)
                for one in outcome.exits:
                    more = ((event.call, one.result),) if event.call is not None and one.result != ANYTHING else ()
                    following[one.state, results + more] = None
            ways = list(following)
        return ways

    def _stop(self, step: Step) -> Stop:
        """A step, spelled out."""
        return Stop(step[0], step[1], self.numbers.facts(step[2]), step[3])

    def _arrive(self, step: Step, node: Node, state: str, facts: Known, results: Results) -> None:
        for text, known in sides_of(node.returned, facts):
            result = returned(text, known, results)
            told = frozen(known)
            key = (step[0], state, step[3], result, told if self.question.kept else ())
            if key not in self.arrived:
                self.arrived.add(key)
                self.found.arrivals.append(Arrival(self._stop(step), step[0], state, result, told))


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
