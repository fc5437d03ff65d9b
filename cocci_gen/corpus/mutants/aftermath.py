"""A function as three texts have it -> Effect of a fix: whether it is left as the unbroken one leaves things.

Per branch of the function and per returned value: how often the lock and the reference of each page were taken and given back,
whether it was redirtied, whether writeback was started and ended, and what else is taken and given back in pairs (a mutex, a
buffer head, a mapping).  Two functions are the same in effect when no branch tells them apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.machines import ERROR, Event, Machine, Move, Result
from cocci_gen.code.searches.paths import Decision
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts, sound
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import Given, aliases, given_places, is_alias
from cocci_gen.facts.pages.pages import Effect, Effects
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.pairs import opens, partners

#: How often a thing is given back more (or less) than it was taken; what goes beyond is as wrong.
_COUNTS = ("-2", "-1", "0", "+1", "+2")
#: Stops of one search before values are merged.
_STOPS = 6_000
#: Branches of one function that are compared.
_BRANCHES = 120
#: What leaves rcu-walk.
_AGAIN = "-ECHILD"
_PAGE = re.compile(r"struct (?:page|folio) \*$")


def _counting(name: str, up: str, down: str) -> Machine:
    moves = tuple(move for low, high in pairwise(_COUNTS) for move in (Move(low, up, high), Move(high, down, low)))
    return Machine(name, "0", moves, ())


def _written() -> Machine:
    """What of its duty to write a function did to the page; writeback that is started behind the unlock comes too late."""
    # Writeback as it was -> what it is behind its start, and behind its end.
    steps = (
        ("", "started", "ended"),
        ("started", "again", "done"),
        ("done", "again", "done"),
        ("late", "again", "late"),
        ("ended", "again", "ended"),
        ("again", "again", "again"),
    )
    moves: list[Move] = []
    for unlocked, redirtied, (now, started, ended) in product(("", " unlocked"), ("", " redirtied"), steps):
        state, rest = f"{now}{redirtied}{unlocked}", f"{redirtied}{unlocked}"
        moves += [
            Move(state, "start", f"{'late' if unlocked and not now else started}{rest}"),
            Move(state, "end", f"{ended}{rest}"),
            Move(state, "redirty", f"{now} redirtied{unlocked}"),
            Move(state, "release", f"{now}{redirtied} unlocked"),
        ]
    return Machine("what is written", "", tuple(move for move in moves if move.state != move.to), ())


LOCK = _counting("lock", "take", "release")
REFERENCE = _counting("reference", "get", "put")
WRITTEN = _written()
_PAIR = _counting("pair", "takes", "gives back")


class _Counted(Effects):
    """Effects that tell of references too."""

    def own_effect(self, call: Call, path: str, names: set[str]) -> Effect | tuple[tuple[Definition, Given], ...]:
        for mark, words in (("put", self.vocabulary.put), ("get", self.vocabulary.get)):
            if call.callee in words and given_places(call.arguments, names, self.vocabulary):
                return Effect(frozenset({mark}), ((mark, f"{call.callee}()"),))
        return super().own_effect(call, path, names)


@dataclass(frozen=True, slots=True)
class Seen:
    """One function as a text has it; `line` maps the lines of the unbroken text to its own."""

    index: KernelIndex
    path: str
    name: str
    line: Callable[[int], int]

    def definition(self) -> Definition | None:
        """Where it stands; None when it does not, or more than once."""
        found = [one for one in self.index.functions_in(self.path) if one.name == self.name]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True, order=True)
class _Left:
    """A value that is returned, and how a thing is left then."""

    value: str
    state: str


#: Thing -> branch (as line of the unbroken text, and words) -> how it is left behind that branch.
_Ledger = Mapping[tuple[str, tuple[int, str]], frozenset[_Left]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a fix leaves other than the unbroken function does; `made` tells that the broken one did not leave it so either."""

    words: str
    made: bool


def differences(original: Seen, broken: Seen, mended: Seen) -> tuple[Difference, ...] | None:
    """What the mended function leaves otherwise than the original; None when one of them cannot be read."""
    things = _things((original, broken, mended))
    if things is None:
        return None
    ledgers = [_ledger(one, things) for one in (original, broken, mended)]
    if any(one is None for one in ledgers):
        return None
    right, wrong, now = (one or {} for one in ledgers)
    found: dict[str, Difference] = {}
    for key in sorted(right.keys() & now.keys()):
        thing, (line, _) = key
        for left in sorted(one for one in now[key] - right[key] if not _asks_again(one)):
            others = sorted(one.state or "as it was" for one in right[key] if one.value == left.value)
            words = f"{thing}: {left.state or 'as it was'} where {left.value} is returned" + (
                f", not {' or '.join(others)}" if others else ", which is not returned there"
            )
            found.setdefault(words, Difference(f"{words} (line {line})", left not in wrong.get(key, frozenset())))
        if not now[key] and right[key] and not line:
            found.setdefault(thing, Difference("it does not return any more", bool(wrong.get(key))))
    return tuple(found.values())


def _asks_again(left: _Left) -> bool:
    """Whether a way out of rcu-walk leaves everything as it was: its caller comes again where it may sleep."""
    return left.value == _AGAIN and left.state in (WRITTEN.start, LOCK.start)


@dataclass(frozen=True, slots=True)
class _Things:
    """Names of pages, and (what takes, what gives back, of what) of all pairs."""

    pages: tuple[str, ...]
    pairs: tuple[tuple[str, str, str], ...]


def _graph(one: Seen) -> Graph | None:
    definition = one.definition()
    return one.index.graph(definition) if definition is not None else None


def _things(every: tuple[Seen, ...]) -> _Things | None:
    pages: dict[str, None] = {}
    calls: dict[tuple[str, str], None] = {}
    for one in every:
        graph = _graph(one)
        if graph is None:
            return None
        pages.update(dict.fromkeys(_pages(graph)))
        for call in graph.calls():
            if call.direct:
                calls[call.callee, call.arguments[0] if call.arguments else ""] = None
    names = {name for name, _ in calls}
    marked = call_vocabulary().marks.keys() | call_vocabulary().put | call_vocabulary().get
    pairs = {
        (take, back, of) for take, of in calls if take not in marked and opens(take) for back in partners(take) & names
    }
    return _Things(tuple(pages), tuple(sorted(pairs)))


def _pages(graph: Graph) -> Iterator[str]:
    """The names of the pages of a function: parameters, and what is locked, unlocked, put or dirtied in it."""
    words, seen = call_vocabulary(), set[str]()
    types = {p.name: p.type for p in graph.parameters}
    named = [name for name, kind in types.items() if _PAGE.search(kind)]
    used = words.marks.keys() | words.put | words.get
    named += [text for call in graph.calls() if call.callee in used for text in _of_page(call, types)]
    for name in named:
        if re.fullmatch(r"[a-z_]\w*", name) and name not in seen:
            same = aliases(graph, name)
            if not any(is_alias(other, same, words) for other in seen):
                yield name
            seen |= same


def _of_page(call: Call, types: Mapping[str, str]) -> tuple[str, ...]:
    """The argument of a primitive that is the page: the first, or the one behind what it is redirtied for or with."""
    first = call.arguments[:1]
    other = len(call.arguments) > 1 and not _PAGE.search(types.get(first[0], "struct page *"))
    return call.arguments[1:2] if other else first


def _ledger(one: Seen, things: _Things) -> _Ledger | None:
    graph = _graph(one)
    if graph is None:
        return None
    found: dict[tuple[str, tuple[int, str]], frozenset[_Left]] = {}
    effects = _Counted(one.index)
    for name in things.pages:
        known = set(sound(name)) if any(p.name == name for p in graph.parameters) else set()
        for machine in (LOCK, REFERENCE, WRITTEN):
            events = Summaries(effects, machine).events(graph, one.path, aliases(graph, name), name)
            found |= _by_branch(one, graph, machine, events, f"{machine.name} of {name}", tuple(known))
    for take, back, of in things.pairs:
        events = _pair_events(graph, take, back, of)
        found |= _by_branch(one, graph, _PAIR, events, f"{take}({of})", ())
    if not things.pages and not things.pairs:
        found |= _by_branch(one, graph, _PAIR, {}, "the returned value", ())
    return found


def _pair_events(graph: Graph, take: str, back: str, of: str) -> dict[int, tuple[Event, ...]]:
    found: dict[int, tuple[Event, ...]] = {}
    for number, node in enumerate(graph.nodes):
        events = [
            _PAIR.step(number, call, "takes" if call.callee == take else "gives back")
            for call in node.calls
            if call.callee in (take, back) and (call.arguments[0] if call.arguments else "") == of
        ]
        if events:
            found[number] = tuple(events)
    return found


def _by_branch(
    one: Seen, graph: Graph, machine: Machine, events: Mapping[int, tuple[Event, ...]], thing: str, known: Facts
) -> dict[tuple[str, tuple[int, str]], frozenset[_Left]]:
    found = {}
    for branch in _branches(graph):
        question = Question(
            graph, machine, events, machine.start, known=known, over=branch.node, over_label=branch.label, limit=_STOPS
        )
        left = (a for a in explore(question).arrivals if a.stop.passed or branch.node == 0)
        node = graph.nodes[branch.node]
        place = (one.line(node.line), f"{node.text} {branch.label}") if branch.node else (0, "")
        found[thing, place] = frozenset(_Left(_value(graph.nodes[a.node], a.result), a.state) for a in left)
    return found


def _branches(graph: Graph) -> list[Decision]:
    """The entry, and every branch; those of a test that stands twice on a line are left out."""
    tests = [(number, (node.line, node.text)) for number, node in enumerate(graph.nodes) if node.kind == "condition"]
    places = Counter(place for _, place in tests)
    branches = [
        Decision(n, label) for n, place in tests if places[place] == 1 for _, label in graph.nodes[n].successors
    ]
    return [Decision(0, ""), *branches[:_BRANCHES]]


def _value(node: Node, result: Result) -> str:
    """What a caller can tell of a returned value."""
    if not node.returned:
        return "nothing"
    if re.search(r"-ECHILD\b", node.returned) or result.constant == _AGAIN:
        return _AGAIN
    if result.pointer == ERROR or result.signs == NEGATIVE:
        return "an error"
    if re.fullmatch(r"(?:VM_FAULT|AOP)_\w+(?: ?\| ?\w+)*", result.constant):
        return result.constant
    return {ZERO: "zero", POSITIVE: "a positive value", NEGATIVE | POSITIVE: "not zero"}.get(result.signs, "any value")
