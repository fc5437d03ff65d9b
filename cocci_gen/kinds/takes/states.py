"""A function and a State -> Holding, what it takes of something that is not its own: a lock, protection against freezing.

Nobody else can have what is taken, and it goes by no other name: what counts are the calls that take and release it of the same
expression, and functions of the folder that may release it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.machines import Event, Exit, Outcome, Result, Wrong
from cocci_gen.code.paths import Facts
from cocci_gen.code.search import Arrival, Exploration, Question, Wronged
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.pages import aliases, call_vocabulary, own_holders, stored
from cocci_gen.kinds.takes.guarded import of_what_is_not_sure, perhaps_released
from cocci_gen.kinds.takes.holding import RETAKEN, STOPS, TAKES, Holding, Sure, fails
from cocci_gen.kinds.takes.passing import FREE, UNSEEN, Exits, passing_of, releases
from cocci_gen.kinds.takes.sorts import State, agreeing, taken_by, what_of

#: To take it once more is to wait for oneself; nobody else can have it, so it is never counted for one who was told of it before.
STATES = replace(
    TAKES,
    moves=tuple(move for move in TAKES.moves if "lent" not in (move.state, move.to)),
    wrong=(*TAKES.wrong, Wrong("owed", "take", RETAKEN)),
)
#: Says of a function that it takes something for its caller.
_FOR_CALLERS = re.compile(r"(?<!un)(?:lock|acquire|begin|start|enter|get)(?:_|$|s$)")
_BRACKETS = re.compile(r"\([^()]*\)")
_BASE = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class StateHolding(Holding):
    """What a function takes of one expression; `agreeing` are tests that have one outcome on a way, `alone` tells that nobody
    calls it who could know of the lock."""

    agreeing: frozenset[str]
    alone: bool

    @property
    def unsure(self) -> str:
        """What a branch around a release leaves open."""
        return f"whether {self.name} is held"

    @property
    def others(self) -> tuple[str, str]:
        """What is said of a return that keeps it and tells of no failure."""
        return "which other ways give back", "it does not fail here; others that return the same have given it back"

    def question(self) -> Question:
        """What is searched: every way through the function."""
        question = Question(self.graph, STATES, self.events, STATES.start, limit=STOPS)
        return replace(question, turns=self.turns, agreeing=self.agreeing)

    def settled(self) -> bool:
        """Whether, whatever the tests say, no way leads from the taking to a return, or to a taking, past a release."""
        takes = {number for number, _ in self.takers}
        gone = {n for n, events in self.events.items() if any("release" in one.marks for one in events)}
        return not takes & self.graph.behind(takes, gone) and Holding.settled(self)

    def twice(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The calls that take it although it is held; what is released twice the rules about locks ask for.  Nothing where the
        expression may mean another one by then, or where tests were forgotten."""
        owners = {self.name[: found.start()] for found in re.finditer(r"->|\.|$", self.name)}
        behind = self.graph.behind({number for number, _ in self.takers})
        nodes = [self.graph.nodes[number] for number in behind]
        changed = {a.left for node in nodes for a in node.assignments}
        changed |= {word for node in nodes if _is_macro_loop(node) for word in _BASE.findall(node.text)}
        words = set(_BASE.findall(self.name))
        if seen.merged or changed & (owners | words) or "[" in self.name or "(" in self.name:
            return ()
        again = (one for one in seen.wrongs if one.says == RETAKEN)
        return tuple(one for one in again if not self._taken_if_needed(seen.path(one.stop).nodes))

    def _taken_if_needed(self, nodes: tuple[int, ...]) -> bool:
        """Whether a way ends at a taking that a test right before it leaves out, `if (!rl) down_read(...)`: it may ask that."""
        graph, taking, following = self.graph, nodes[-1], nodes[-1]
        behind = set(graph.straight(taking)) - {taking}
        for number in reversed(nodes[:-1]):
            if graph.nodes[number].kind == "condition":
                beside = {after for after, _ in graph.nodes[number].successors} - {following}
                return bool(behind & (beside | graph.behind(beside, {taking})))
            if graph.nodes[number].calls:
                return False
            following = number
        return False

    def is_given(self, call: Call) -> bool:
        """Whether a call is about the same expression."""
        return what_of(call) == self.name

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first failing way that keeps it, in a function that gives it back on another, or that tells its
        caller the same where it has not taken it: one that does neither takes it for its caller, where it has one.  Where tests
        were forgotten that decide on taking and on release, nothing is known."""
        if seen.merged:
            return ()
        if self.alone or any(one.state == "back" for one in seen.arrivals):
            return seen.firsts(self.keeps)
        without = {one.result for one in seen.arrivals if one.state == "idle" and one.result.constant.startswith("-E")}
        return seen.firsts(lambda one: one.result in without and self.keeps(one))

    def unsure_of(self, seen: Exploration) -> tuple[str, ...]:
        """What speaks against a return that keeps it: nobody is seen to give it back."""
        if any(one.state == "back" for one in seen.arrivals):
            return ()
        return (f"no way through {self.graph.name}() ends without it once it has taken it",)

    def keeps(self, arrival: Arrival) -> bool:
        """Whether a return is come to with it held, and must not be: a fault handler hands nothing over, whatever it returns."""
        return arrival.state in TAKES.open and ("fault" in self.graph.returns or fails(self.graph, arrival))

    def forgotten(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first way that keeps it and tells of no failure, where another way comes to it without and returns
        the same: no caller can tell them apart.  One that fails there is told of already."""
        like_others = self._like_others(seen)
        failing = {one.node for one in self.breaches(seen)}
        kept = (one for one in seen.arrivals if one.state in TAKES.open and one.node not in failing)
        sure = [one for one in kept if like_others(one) and not self._asks_again(seen, one)]
        return seen.firsts(lambda one: one in sure)

    def matters(self, seen: Exploration) -> Callable[[Arrival], bool]:
        """The returns at which it may not be held: those that fail, and those that others come to without it."""
        like_others = self._like_others(seen)
        return lambda one: like_others(one) or fails(self.graph, one)

    def _like_others(self, seen: Exploration) -> Callable[[Arrival], bool]:
        """The ways that end as another does which has given it back: no caller can tell them apart."""
        if seen.merged or _FOR_CALLERS.search(self.graph.name):
            return lambda _: False
        nothing = self.graph.returns == "void"

        def told(one: Arrival) -> tuple[int, Result]:
            return (0 if nothing else one.node), one.result

        given_back = {told(one) for one in seen.arrivals if one.state == "back"}
        return lambda one: told(one) in given_back

    def _asks_again(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether a test behind the taking is come to without it too: it may ask what decided on the taking."""
        nodes = seen.path(kept.stop).nodes
        taken = max((nodes.index(number) for number, _ in self.takers if number in nodes), default=0)
        return any(self.graph.nodes[n].kind == "condition" and "idle" in seen.at(n) for n in nodes[taken + 1 :])


def state_holdings(
    graph: Graph, path: str, state: State, index: KernelIndex, *, alone: bool = False
) -> tuple[StateHolding, ...]:
    """One for each expression that a function takes the state of and may keep it on some way; `alone` as the holding has it."""
    takers: dict[str, list[tuple[int, Call]]] = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if state.takes(call):
                takers.setdefault(what_of(call), []).append((number, call))
    readers = (_Reader(graph, path, state, index, name, frozenset(takers) - {name}, alone) for name in takers)
    return tuple(one.holding(tuple(takers[one.name])) for one in readers if one.may_be_kept(takers[one.name]))


@dataclass(frozen=True)
class _Reader:
    """Reads what a function does to the state of one expression; `others` are those that it takes beside it."""

    graph: Graph
    path: str
    state: State
    index: KernelIndex
    name: str
    others: frozenset[str]
    alone: bool

    @cached_property
    def _named(self) -> frozenset[str]:
        """The same member of what else holds the pointer that the expression begins with."""
        base = _BASE.match(self.name)
        rest = self.name[base.end() :] if base else ""
        return frozenset(f"{one}{rest}" for one in aliases(self.graph, base[0])) if base and rest else frozenset()

    def may_be_kept(self, calls: Iterable[tuple[int, Call]]) -> bool:
        """Whether some way, feasible or not, leads from the taking to a return, or to a taking, past every release."""
        nodes = self.graph.nodes
        gone = {number for number, node in enumerate(nodes) if any(self._releases(call) for call in node.calls)}
        takes = {number for number, _ in calls}
        behind = self.graph.behind(takes, gone) - gone
        return bool(gone) and (bool(behind & takes) or any(nodes[number].kind == "return" for number in behind))

    def holding(self, calls: tuple[tuple[int, Call], ...]) -> StateHolding:
        """What is taken by some calls, and what becomes of it."""
        events = {number: tuple(self._events(number, node)) for number, node in enumerate(self.graph.nodes)}
        events = {number: every for number, every in events.items() if every}
        plain = StateHolding(
            graph=self.graph,
            thing=self.state.thing,
            name=self.name,
            names=frozenset(),
            takers=calls,
            sure=Sure.CERTAIN,
            turns=_missing(self.graph, self.name),
            events=events,
            may=lambda _call, _facts: True,
            agreeing=agreeing(self.graph),
            alone=self.alone,
        )
        asking = perhaps_released(self.graph, self.state)
        return replace(plain, turns={**plain.turns, **of_what_is_not_sure(plain, asking)}) if asking else plain

    def _releases(self, call: Call) -> bool:
        """Whether a call releases it: it says so, or the function takes nothing else of the sort that it could mean."""
        return call.callee in self.state.release and (what_of(call) == self.name or not self.others)

    def _events(self, number: int, node: Node) -> Iterator[Event]:
        for call in node.calls:
            if self.state.takes(call):
                if what_of(call) == self.name:
                    yield taken_by(number, call, self.state, STATES)
            elif self._releases(call):
                yield _always(number, call, "release")
            elif call.callee in self.state.release:
                if what_of(call) not in self.others or what_of(call) in self._named:  # it may go by another name here
                    yield _always(number, call, "unknown", self.name)
            elif releases(self._left_by(call)):
                yield self._passed(number, call, self._left_by)
            elif releases(self._left_by_holder(call)):
                yield self._passed(number, call, self._left_by_holder)
        base = _BASE.match(self.name) if not self.state.own else None
        for one in node.assignments:  # who finds it there may release it
            if base and one.right == base[0] and not one.left.isidentifier() and one.left not in self._holders:
                yield _always(number, Call("", True, (), one.line), "unknown", self.name, f"who finds it in {one.left}")

    def _speaks_of_it(self, call: Call) -> bool:
        """Whether a call is given what the expression begins from."""
        base = _BASE.findall(self.name)[:1]
        return any(set(_BASE.findall(text)) & set(base) for text in call.arguments)

    def _passed(self, number: int, call: Call, left_by: Callable[[Call, Facts], Exits]) -> Event:
        """The step of a callee that comes back without the lock, on some of its ways or as far as can be seen."""
        note = f"{call.callee}() may release {self.name}"

        def outcome(before: str, facts: Facts) -> Outcome:
            exits = left_by(call, facts) if before == "owed" else frozenset()
            if any(one.state == UNSEEN for one in exits):
                return Outcome((Exit("unseen"),), (), note)
            left = tuple(sorted(Exit("back" if one.state == FREE else "owed", one.result) for one in exits))
            after = Outcome(left or (Exit(before),))
            if after.ambiguous and self._knows_why(call):
                return Outcome((Exit("unseen"),), (), note)
            return after

        return Event(number, call.line, call, note, outcome)

    @cached_property
    def _holders(self) -> frozenset[str]:
        """The members of structures of the function's own that lead to it, `held.at` where `held.at = &box->lock`."""
        base, own = _BASE.match(self.name), own_holders(self.graph)
        led = {f"&{self.name}", base[0] if base else self.name}
        places = (one for a in self.graph.assignments() if a.operator == "=" for one in stored(a, own))
        return frozenset(place for place, value in places if value in led and place.partition(".")[0] in own - {place})

    def _left_by_holder(self, call: Call, facts: Facts = ()) -> Exits:
        """How a call comes back that is given a structure which leads to it; what is not of the folder may do anything."""
        places = (one for one in self._holders if f"&{one.partition('.')[0]}" in call.arguments)
        member = next((f"->{one.rpartition('.')[2]}" for one in sorted(places)), "")
        if not member or call_vocabulary().is_neutral(call.callee):
            return frozenset()
        passing = passing_of(self.index)
        if not call.direct or not passing.sees(call, self.path):
            return frozenset({Exit(UNSEEN)})
        return passing.exits(call, self.path, self.state, member, facts)

    def _knows_why(self, call: Call) -> bool:
        """Whether a callee that may release it tests what the function itself tests, sets or hands out: it may know which."""
        asked = passing_of(self.index).asked(call, self.path, self.state, self.name)
        return bool(asked & (self._own_words | set(_BASE.findall(self.name))))

    @cached_property
    def _own_words(self) -> frozenset[str]:
        nodes = self.graph.nodes
        texts = [node.text for node in nodes if node.kind == "condition"]
        texts += [a.left for a in self.graph.assignments() if not a.declares]
        texts += [text for call in self.graph.calls() for text in call.arguments if text.startswith("&")]
        return frozenset(word for text in texts for word in _BASE.findall(text))

    def _left_by(self, call: Call, facts: Facts = ()) -> Exits:
        """How a call comes back that may release it: of a function of the folder, or of what is given the lock itself."""
        passing = passing_of(self.index)
        given = f"&{self.name}" in call.arguments  # an object, `sb`, is given to much
        if self._speaks_of_it(call) and passing.unlocks_unseen(call, self.path):
            return frozenset({Exit(UNSEEN)})
        if given and not call_vocabulary().is_neutral(call.callee):
            return passing.given(call, self.path, self.state, facts)
        return passing.exits(call, self.path, self.state, self.name, facts) if call.direct else frozenset()


def _always(number: int, call: Call, mark: str, name: str = "", who: str = "") -> Event:
    note = f"{who or f'{call.callee}()'} may release {name}" if mark == "unknown" else f"{call.callee}()"

    def outcome(before: str, _facts: Facts) -> Outcome:
        # Who may release what is released already is no matter: the lock was taken and given back by the function itself.
        after = before if mark == "unknown" and before == "back" else STATES.after(before, (mark,))
        return Outcome((Exit(after),), (), note if after == "unseen" != before else "")

    return Event(number, call.line, call, note, outcome, (mark,))


def _missing(graph: Graph, name: str) -> dict[tuple[int, str], str]:
    """The branches that say that there is nothing of which it could be taken."""
    ways = {name[: found.start()].strip("()") for found in re.finditer(r"->|\.", name)}
    tests = ((number, node) for number, node in enumerate(graph.nodes) if node.kind == "condition")
    return {(number, "false"): "lost" for number, node in tests if node.text.strip("()") in ways}


def _is_macro_loop(node: Node) -> bool:
    """Whether a node is the head of a loop that a macro makes, `for_each_box(all, box)`: it sets what it is given."""
    return node.kind == "condition" and "," in _BRACKETS.sub("", node.text)
