"""A Graph, a Machine and its Events -> Exploration, every (node, state, what is known) that a feasible way comes to.

Branches are kept apart while they differ in the state or in what is known of values that are still read: the property
simulation of ESP.  Where even that is too much, what is known is merged per node and state, so that the search always ends; and
where thousands of tests would be gone over anew for each of them, a node waits for all that comes to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.deeds import Condition, Deed, assume, chosen, condition_of, contradicts, deeds_of
from cocci_gen.code.known import (
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
)
from cocci_gen.code.machines import ANYTHING, Event, Machine, Result
from cocci_gen.code.paths import STATES, Decision, Path
from cocci_gen.code.recent import Recent
from cocci_gen.code.results import Results, may_choose, may_pass, returned, with_results
from cocci_gen.code.sentinels import sentinels

_WORDS = re.compile(r"[A-Za-z_]\w*(?!\w* ?\()")
_NAME = re.compile(r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*")
_MEMBER = re.compile(r"(\w+)->")
_MEMBER_OF = re.compile(r"&(\w+)->")

#: Facts that a merged search may number, for each stop that one which keeps ways apart may have: 1.2 million, 0.2 GB.
_FACTS = 40

Refusal = Callable[[Node, str], bool]


class Stop(NamedTuple):
    """Where a way stands: in front of a node, in a state, with what is known; `passed` tells that it came over the node that was
    asked for."""

    node: int
    state: str
    facts: Facts
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A return that is reached: the way's last stop, the state behind the return's own calls, and what is returned."""

    stop: Stop
    node: int
    state: str
    result: Result
    facts: Facts


@dataclass(frozen=True, slots=True)
class Wronged:
    """A step that is wrong in the state in which a way comes to it."""

    stop: Stop
    event: Event
    says: str
    words: str


@dataclass(slots=True)
class Exploration:
    """What a search has found; `merged` tells that values were forgotten so that it ended."""

    before: dict[Stop, tuple[Stop, str] | None] = field(default_factory=dict)
    states: dict[int, set[str]] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    wrongs: list[Wronged] = field(default_factory=list)
    unclear: dict[int, str] = field(default_factory=dict)
    merged: bool = False

    def path(self, stop: Stop) -> Path:
        """The way to a stop, the shortest that was found."""
        nodes = [stop.node]
        decisions = []
        link = self.before[stop]
        while link is not None:
            stop, label = link
            nodes.append(stop.node)
            if label:
                decisions.append(Decision(stop.node, label))
            link = self.before[stop]
        return Path(tuple(reversed(nodes)), tuple(reversed(decisions)))

    def stops(self, stop: Stop) -> tuple[Stop, ...]:
        """Every stop of the way to a stop, in order."""
        found = [stop]
        while (link := self.before[found[-1]]) is not None:
            found.append(link[0])
        return tuple(reversed(found))

    def at(self, node: int) -> frozenset[str]:
        """The states in which some way comes to a node."""
        return frozenset(self.states.get(node, ()))

    def first(self, node: int, wanted: Callable[[Arrival], bool]) -> Arrival | None:
        """The first arrival at a return that is wanted."""
        return next((one for one in self.arrivals if one.node == node and wanted(one)), None)

    def firsts(self, wanted: Callable[[Arrival], bool]) -> tuple[Arrival, ...]:
        """The first wanted arrival at each return that has one, in the order of the nodes."""
        found: dict[int, Arrival] = {}
        for one in self.arrivals:
            if one.node not in found and wanted(one):
                found[one.node] = one
        return tuple(found[node] for node in sorted(found))


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
    refused: Refusal = lambda node, label: False
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


class _Search:
    def __init__(self, question: Question, manner: _Manner) -> None:
        self.question = question
        self.graph = question.graph
        self.manner = manner
        self.found = Exploration(merged=manner is not _Manner.APART)
        read = _READ.of(question.graph)
        self.deeds, self.asserting, self.stored = read.deeds, read.asserting, read.stored
        self.sentinels = read.sentinels
        self.lives = read.lives if not question.kept else [_Lives(one.alive | question.kept) for one in read.lives]
        self.queue = _InTurn(question.graph) if manner is _Manner.IN_TURN else _AsTheyCome()
        self.weight = 0
        #: What was known somewhere, and the number of each: a number is compared in no time, and what is known is not.
        self.known: list[Facts] = []
        self.numbers: dict[Facts, int] = {}
        self.seen: set[tuple[int, str, int, bool]] = set()
        self.spelled: dict[int, Known] = {}
        self.joined: dict[tuple[int, str, bool], Facts] = {}
        self.told: set[tuple[int, int, str]] = set()
        self.arrived: set[tuple[int, str, bool, Result, Facts]] = set()
        self.behind: dict[tuple[int, int], tuple[Known, Known]] = {}
        self.onward: dict[tuple[int, int, Results], tuple[tuple[int, str, int], ...]] = {}

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
        node = self.graph.nodes[stop.node]
        for state, results in self._through(stop):
            if node.kind == "return":
                facts = with_results(self._behind(stop.node, known)[1], node, results)
                if facts is not None:
                    self._arrive(stop, node, state, facts, results)
                continue
            for successor, label, told in self._onward(stop.node, known, results):
                passed = stop.passed or self._leads_over(stop.node, label)
                turn = self.question.turns.get((stop.node, label))
                moved = self.question.machine.after(state, (turn,)) if turn else state
                self._visit(successor, moved, told, passed=passed, link=(stop, label))

    def _behind(self, number: int, told: int) -> tuple[Known, Known]:
        """What is known in front of a node, and behind what it does."""
        key = (number, told)
        found = self.behind.get(key)
        if found is None:
            old = self.spelled.get(told)
            if old is None:
                old = {place: (signs, constant) for place, signs, constant in self.known[told]}
                self.spelled[told] = old
            behind = _written_through(self.deeds[number].behind(old), self.stored[number])
            if number in self.sentinels:
                behind = behind | {place: (signs, constant) for place, signs, constant in self.sentinels[number]}
            found = self.behind[key] = old, behind
        return found

    def _onward(self, number: int, told: int, results: Results) -> tuple[tuple[int, str, int], ...]:
        """The nodes that may follow, each with the branch to it and what is known there; many states share an answer."""
        key = (number, told, results)
        found = self.onward.get(key)
        if found is None:
            found = self.onward[key] = tuple(self._following(number, told, results))
        return found

    def _following(self, number: int, told: int, results: Results) -> Iterator[tuple[int, str, int]]:
        node = self.graph.nodes[number]
        old, behind = self._behind(number, told)
        facts = with_results(behind, node, results) if results else behind
        if number in self.asserting:
            facts = _asserted(facts, node)
        if facts is None:
            return
        asked = self.deeds[number].condition
        for successor, label in node.successors:
            if self.question.refused(node, label):
                continue
            then: Known | None = facts
            if asked is not None:
                then = self._agreed(_decided(old, facts, node, asked, results, truth=label == "true"), node.text, label)
            elif node.kind == "switch":
                may = all(may_choose(node, label, call, result) for call, result in results)
                then = chosen(facts, node, label) if may else None
            if then is not None:
                same = then is old
                yield successor, label, self._kept(told, successor) if same else self._narrowed(then, successor)

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

    def _kept(self, told: int, successor: int) -> int:
        """The same of what is known in front of a node that changes nothing of it."""
        lives, facts = self.lives[successor], self.known[told]
        kept = tuple([one for one in facts if lives[one[0]]])
        return told if len(kept) == len(facts) else self._numbered(kept)

    def _through(self, stop: Stop) -> list[tuple[str, Results]]:
        """The states behind a node's events, each with what its calls returned then."""
        ways: list[tuple[str, Results]] = [(stop.state, ())]
        if stop.node not in self.question.events:
            return ways
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


class _AsTheyCome:
    """The stops that wait, the first one first: the ways that are found are the shortest."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Stop, int]] = deque()

    def __len__(self) -> int:
        return len(self.waiting)

    def add(self, stop: Stop, told: int) -> None:
        """Put a stop in, with the number of what is known there."""
        self.waiting.append((stop, told))

    def next(self) -> tuple[Stop, int]:
        """Take the first one out."""
        return self.waiting.popleft()


class _InTurn:
    """The stops that wait, a node in front of those that follow it: all ways to a node are there before it is gone over."""

    def __init__(self, graph: Graph) -> None:
        self.turns = _turns(graph)
        self.waiting: list[tuple[int, int, Stop, int]] = []
        self.count = 0

    def __len__(self) -> int:
        return len(self.waiting)

    def add(self, stop: Stop, told: int) -> None:
        """Put a stop in, with the number of what is known there."""
        self.count += 1
        heappush(self.waiting, (self.turns[stop.node], self.count, stop, told))

    def next(self) -> tuple[Stop, int]:
        """Take one of the foremost node out."""
        _, _, stop, told = heappop(self.waiting)
        return stop, told


def _turns(graph: Graph) -> list[int]:
    """The turn of each node: behind all that lead to it, but for the ways back of loops (the reverse of the postorder)."""
    turns = [0] * len(graph.nodes)
    left = len(graph.nodes)
    seen = {0}
    stack = [(0, iter(graph.nodes[0].successors))] if graph.nodes else []
    while stack:
        number, following = stack[-1]
        after = next((one for one, _ in following if one not in seen), None)
        if after is None:
            stack.pop()
            left -= 1
            turns[number] = left
        else:
            seen.add(after)
            stack.append((after, iter(graph.nodes[after].successors)))
    return turns


class _Lives(dict[str, bool]):
    """Whether what is known of a place is of use where some names are still read."""

    def __init__(self, alive: frozenset[str]) -> None:
        super().__init__()
        self.alive = alive

    def __missing__(self, key: str) -> bool:
        self[key] = found = not self.alive.isdisjoint(_names(key))
        return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What every search of a graph asks: what its nodes do, what is of use in front of each, which assert, the names through
    which each stores, and what a variable does not equal any more once it holds a count."""

    deeds: tuple[Deed, ...]
    lives: list[_Lives]
    asserting: frozenset[int]
    stored: list[tuple[str, ...]]
    sentinels: dict[int, Facts]


def _read(graph: Graph) -> _Read:
    asserting = frozenset(
        number
        for number, node in enumerate(graph.nodes)
        if node.kind == "statement" and any(call.callee == "BUG_ON" for call in node.calls)
    )
    lives = [_Lives(alive) for alive in alive_names(graph)]
    stored = [_stored_through(node) for node in graph.nodes]
    return _Read(deeds_of(graph), lives, asserting, stored, sentinels(graph))


_READ = Recent(_read)


@lru_cache(maxsize=1 << 16)
def _names(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text))


def alive_names(graph: Graph) -> list[frozenset[str]]:
    """Per node the names that some way from it still reads."""
    reads: list[frozenset[str]] = []
    writes: list[frozenset[str]] = []
    for node in graph.nodes:
        used = set(_names(node.text)) if node.kind in ("condition", "switch", "return") else set()
        for assignment in node.assignments:
            used |= _names(assignment.right)
            if not _NAME.fullmatch(assignment.left) or "->" in assignment.left or "." in assignment.left:
                used |= _names(assignment.left)
        for call in node.calls:
            used = used.union(*map(_names, call.arguments))
        reads.append(frozenset(used))
        writes.append(frozenset(a.left for a in node.assignments if a.operator == "=" and a.left.isidentifier()))
    alive = [frozenset[str]() for _ in graph.nodes]
    before: list[list[int]] = [[] for _ in graph.nodes]
    for number, node in enumerate(graph.nodes):
        for successor, _ in node.successors:
            before[successor].append(number)
    todo = deque(range(len(graph.nodes) - 1, -1, -1))
    waiting = set(todo)
    while todo:
        number = todo.popleft()
        waiting.discard(number)
        out = frozenset().union(*(alive[successor] for successor, _ in graph.nodes[number].successors))
        now = reads[number] | (out - writes[number])
        if now != alive[number]:
            alive[number] = now
            for other in before[number]:
                if other not in waiting:
                    waiting.add(other)
                    todo.append(other)
    return alive


def _common(one: Facts, other: Facts) -> Facts:
    """What is known in both."""
    there = {key: (signs, constant) for key, signs, constant in other}
    found = []
    for key, signs, constant in one:
        if key in there:
            both, same = signs | there[key][0], constant if constant == there[key][1] else ""
            if (both, same) != (ANY, ""):
                found.append((key, both, same))
    return tuple(found)


def _stored_through(node: Node) -> tuple[str, ...]:
    """The pointers through which a node stores, and those of which it hands out members, `spin_lock(&box->lock)`."""
    bases = [_MEMBER.match(one.left) for one in node.assignments if not one.declares]
    bases += [_MEMBER_OF.match(text) for call in node.calls for text in call.arguments]
    return tuple(base[1] for base in bases if base)


def _written_through(facts: Known, pointers: Iterable[str]) -> Known:
    """What is known behind such a use of pointers: they are neither NULL nor errors."""
    for pointer in pointers:
        told = narrow(facts, pointer, NEGATIVE | POSITIVE, "")
        facts = {**(facts if told is None else told), f"IS_ERR({pointer})": (ZERO, "")}
    return facts


def _asserted(facts: Known | None, node: Node) -> Known | None:
    """What is known behind a BUG_ON(): its condition does not hold; None when it does."""
    for call in node.calls if facts is not None and node.kind == "statement" else ():
        if call.callee == "BUG_ON" and facts is not None and len(call.arguments) == 1:
            asked = condition_of(Node("condition", call.line, call.arguments[0], (), (), ()))
            facts = assume(facts, asked, truth=False)
    return facts


def _decided(old: Known, facts: Known, node: Node, asked: Condition, results: Results, *, truth: bool) -> Known | None:
    """What is known on a branch; None when the way cannot take it."""
    if contradicts(old, asked, truth=truth):
        return None
    for call, result in results:
        if not may_pass(node.text, call, result, truth=truth):
            return None
    return assume(facts, asked, truth=truth)
