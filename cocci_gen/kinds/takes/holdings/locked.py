"""StateHolding, what a function takes of one expression that goes on to be somebody else's, and what is wrong with that.

A lock is nobody's but its taker's: a way that keeps it is wrong where another one, that nobody can tell from it, does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from operator import or_

from cocci_gen.code.graphs.control_flow import Call, Node, without_brackets
from cocci_gen.code.searches.explorations import Arrival, Exploration, Stop, Wronged
from cocci_gen.code.searches.machines import Result, Wrong
from cocci_gen.code.searches.search import Question
from cocci_gen.code.states.deeds import assume, condition_of, deed_of
from cocci_gen.code.states.known import CONSTANT, NEGATIVE, ZERO, thawed
from cocci_gen.kinds.ends import gives_by_name
from cocci_gen.kinds.takes.holdings.followed import call_assigned
from cocci_gen.kinds.takes.holdings.holding import (
    AGAIN,
    NOT_TAKEN,
    RETAKEN,
    SLEEPS,
    STOPS,
    TAKES,
    TWICE,
    Holding,
    fails,
    may_fail,
    may_give_back,
)
from cocci_gen.kinds.takes.holdings.lodged import is_local
from cocci_gen.kinds.takes.words.sorts import converts, what_of
from cocci_gen.resources import data_tables

#: To take it once more is to wait for oneself; nobody else can have it, so it is never counted for one who was told of it before.
#: Who may release what is released already is no matter.
_AN_ERROR = re.compile(r"-E[A-Z0-9]+|ERR_PTR ?\(-E[A-Z0-9]+\)")
#: Says of a release that the lock was to be taken, and was not.
UNTAKEN = "released where it was not taken"
STATES = replace(
    TAKES,
    moves=tuple(
        move
        for move in TAKES.moves
        if "lent" not in (move.state, move.to) and (move.state, move.mark) != ("back", "unknown")
    ),
    wrong=(*TAKES.wrong, Wrong("idle", "release", UNTAKEN)),
)
#: Says of a function that it takes something for its caller; not a block, a clock or an flock.
_LOCK = r"(?<!un)(?<!\bf)(?<!_f)(?<![bc])lock"
_LOCKS = re.compile(rf"(?:{_LOCK}|acquire|(?<![a-z])down)(?:_|$|s$)")
#: The same in more words, which others bear as well.
_FOR_CALLERS = re.compile(rf"(?:{_LOCK}|acquire|begin|start|enter|get|(?<![a-z])down)(?:_|$|s$)")
#: Says of one that it asks, and takes nothing for whom it answers.
_ASKS = re.compile(r"(?:^|_)(?:is|has|are|may|can)_")
_BASE = re.compile(r"[A-Za-z_]\w*")
#: An argument that is no address of a part of something: `box`, `&walk`, `box->next`, `array[n]`.
_PLACE = re.compile(r"(?:^|,) ?(?:&(?=\w+(?: ?,|$)))?([A-Za-z_][\w.\[\]>-]*)(?= ?(?:,|$))")
#: Says of one that it gives a lock back.
_UNLOCKS = re.compile(r"unlock|(?<![a-z])up_")
_SET = frozenset({"1", "true"})
_TRUTHS = frozenset({"true", "false"})
#: What a function says that has no more to say: `return 0;` is the same wherever it stands, too.
_SAME = frozenset({*_TRUTHS, "0"})


@cache
def _relocks() -> re.Pattern[str]:
    return re.compile(data_tables("kinds/takes/words/things.toml")["tests"]["relocks"])


@dataclass(frozen=True, slots=True)
class StateHolding(Holding):
    """What a function takes of one expression, and by which functions it may be `released_by`; `agreeing` are tests that have one
    outcome on a way, `alone` tells that nobody calls it who could know of the lock, `unclosed` asks whether nobody else gives
    it back, `steady` that it means the same wherever its variables do, `keeper` for a caller of a helper that is not seen to,
    `barred` why nobody makes a call under it, `afterwards` whether others make it once they have given it back, `echoes`
    whether helpers that take it have lost it themselves, `told_apart` tells that it may be handed to who reads the result,
    `reading` whether a function takes it so that others may read beside, `wanted` notes how others take it, `surely` asks of a
    call whether that gives it back, and nothing else, by its name, and `left_by_all` of a result whether no caller does behind
    it."""

    agreeing: frozenset[str]
    alone: bool
    unclosed: Callable[[], bool] = field(compare=False, repr=False)
    released_by: frozenset[str]
    steady: bool = True
    told_apart: bool = False
    keeper: Callable[[], str] = field(default=lambda: "", compare=False, repr=False)
    barred: Callable[[Call], str] = field(default=lambda _call: "", compare=False, repr=False)
    afterwards: Callable[[Call], bool] = field(default=lambda _call: False, compare=False, repr=False)
    echoes: Callable[[], bool] = field(default=lambda: False, compare=False, repr=False)
    reading: Callable[[str], bool] = field(default=lambda _callee: False, compare=False, repr=False)
    wanted: Callable[[Call], Iterable[str]] = field(default=lambda _call: (), compare=False, repr=False)
    surely: Callable[[Call], bool] = field(default=lambda _call: False, compare=False, repr=False)
    left_by_all: Callable[[Result], bool] = field(default=lambda _result: False, compare=False, repr=False)
    #: The tests by which the function finds that it has it, and what gives back what it was found of, and not it.
    found: frozenset[int] = frozenset()
    undone: frozenset[str] = frozenset()
    #: Whether a way may come to a release from where it could not be taken.
    in_vain: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is a structure all whose parts go with it: a path."""
        return self.thing.kept == "referenced"

    @property
    def unsure(self) -> str:
        """What a branch around a release leaves open."""
        return f"whether {self.name} is held"

    def others(self, seen: Exploration) -> tuple[str, str]:
        """What is said of a return that keeps it and tells of no failure."""
        if self.is_lost(seen):
            return "which nobody gives back", self._without_end()
        if self._is_found_and_lost(seen):
            return "which nobody gives back", f"no way through {self.graph.name}() that ends well does so"
        return "which other ways give back", "others that return the same have given it back"

    def question(self) -> Question:
        """What is searched: every way through the function."""
        question = Question(self.graph, STATES, self.events, STATES.start, limit=STOPS)
        return replace(question, turns=self.turns, agreeing=self.agreeing)

    def settled(self) -> bool:
        """Whether, whatever the tests say, no way leads from the taking to a return, or to a taking, past a release."""
        if self.found or self.in_vain:
            return False
        takes = {number for number, _ in self.takers}
        gone = {n for n, events in self.events.items() if any("release" in one.marks for one in events)}
        behind = self.graph.behind(takes, gone)
        marked = [(n, one.marks) for n in behind for one in self.events.get(n, ())]
        if any(SLEEPS in marks or (AGAIN in marks and self.graph.behind((n,), takes) & gone) for n, marks in marked):
            return False
        return not takes & behind and Holding.settled(self)

    def twice(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The calls that take it although it is held, or release it although they have.  Nothing where the expression may mean
        another one by then, where tests were forgotten, or of what may be begun twice."""
        owners = {self.name[: found.start()] for found in re.finditer(r"->|\.|$", self.name)}
        behind = self.graph.behind({number for number, _ in self.takers})
        nodes = [self.graph.nodes[number] for number in behind]
        changed = {a.left for node in nodes for a in node.assignments}
        changed |= {word for node in nodes if _is_macro_loop(node) for word in _may_be_set(node)}
        words = set(_BASE.findall(self.name))
        if seen.merged or changed & (owners | words) or not self.steady or self.thing.owned:
            return ()
        again = tuple({self._taking(seen, one): one for one in reversed(self._retaken(seen))}.values())
        return again or tuple(one for one in seen.wrongs if one.says == TWICE and self._released_here(seen, one))

    def given_in_vain(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The calls that release it where the function has failed to take it, and had it from nobody else: it releases nothing
        before that."""
        if seen.merged or not self.in_vain or not self.steady or self.thing.owned or self.found:
            return ()
        return tuple(one for one in seen.wrongs if one.says == UNTAKEN and self._failed_to_take(seen, one))

    def _failed_to_take(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether a way comes by what tries to take it, and by nothing else that may do so, or tell of it."""
        stops, takers = seen.stops(wrong.stop), {number for number, _ in self.takers}
        first = next((at for at, stop in enumerate(stops) if stop.node in takers), len(stops))
        nodes = [self.graph.nodes[stop.node] for stop in stops]
        others = (call for stop in stops[:-1] for call in self.graph.nodes[stop.node].calls if stop.node not in takers)
        before = any(self.events.get(stop.node) for stop in stops[:first])
        tests = [nodes[at] for at, stop in enumerate(stops) if at > first and self._is_undecided(stop)]
        return (
            first < len(stops)
            and wrong.event.call is not None
            and self.surely(wrong.event.call)
            and not before
            and all(_is_of_calls(one, nodes[first:-1]) for one in tests)
            and not any(_relocks().search(call.callee) for call in others)
        )

    def asleep(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The calls that sleep while it is held; nothing where tests were forgotten that decide on the taking."""
        return () if seen.merged else tuple(one for one in seen.wrongs if one.says == SLEEPS)

    def also(self, seen: Exploration, wrong: Wronged) -> tuple[int, ...]:
        """The lines of the other takings that come to what was taken where this one does: the same release is missing there."""
        taking = self._taking(seen, wrong)
        every = (one for one in self._retaken(seen) if self._taking(seen, one) == taking)
        return tuple(dict.fromkeys(one.event.line for one in every if one.event.line != wrong.event.line))

    def _retaken(self, seen: Exploration) -> tuple[Wronged, ...]:
        every = (one for one in seen.wrongs if one.says == RETAKEN)
        return tuple(one for one in every if self._takes_what_it_has(one, seen))

    def _takes_what_it_has(self, wrong: Wronged, seen: Exploration) -> bool:
        """Whether a step takes what the function surely still holds."""
        if AGAIN in wrong.event.marks:
            return self._waits_for_itself(wrong)
        stops = seen.stops(wrong.stop)
        return not self._taken_if_needed(stops, seen) and not self._is_told_dropped(stops)

    def _waits_for_itself(self, wrong: Wronged) -> bool:
        """Whether a helper takes what the function itself holds, and gives back behind that: where it does not, the release is
        missing ahead of the helper, or whoever took it for the function has lost it, which is told of there."""
        behind = self.graph.behind((wrong.event.node,), {number for number, _ in self.takers})
        gives = any("release" in one.marks for number in behind for one in self.events.get(number, ()))
        return gives and not self.echoes()

    def _taking(self, seen: Exploration, end: Wronged | Arrival) -> int:
        """The node that took what is held at the end of a way; -1 for none."""
        takers = {number for number, _ in self.takers}
        return next((number for number in reversed(seen.path(end.stop).nodes[:-1]) if number in takers), -1)

    def _released_here(self, seen: Exploration, wrong: Wronged) -> bool:
        """Whether the function surely releases it by its name both times, and in between calls nothing that could lock it, nor
        chooses: behind a test it may have been taken again by who knows the outcome, where that leads elsewhere as well; what was
        called with the lock in hand cannot have taken it again."""
        stops = seen.stops(wrong.stop)
        last = max((n for n, one in enumerate(stops) if one.state == "owed"), default=len(stops))
        before = {_words_of(self.graph.nodes[one.node]) for one in stops[:last]}
        taken = max((n for n, one in enumerate(stops[:last]) if one.node in dict(self.takers)), default=last)
        held = [self.graph.nodes[one.node] for one in stops[taken + 1 : last]]
        between = [self.graph.nodes[one.node] for one in stops[last:-1]]
        tests = [
            self.graph.nodes[one.node]
            for one, after in zip(stops[last:-1], stops[last + 1 :], strict=True)
            if self._is_undecided(one) and not self._only_fails(one, after.node)
        ]
        calls = [call for node in between for call in node.calls]
        ends = next((n for n, call in enumerate(calls) if self.surely(call)), None)
        return (
            wrong.event.call is not None
            and self.surely(wrong.event.call)
            and ends is not None
            and calls[ends] in between[0].calls
            and not any(_relocks().search(call.callee) for call in calls[ends + 1 :])
            and (
                all(_words_of(one) in before or _is_of_calls(one, (*held, *between)) for one in tests)
                or self._comes_to(wrong, stops[last].node)
            )
        )

    def _only_fails(self, stop: Stop, after: int) -> bool:
        """Whether the other outcomes of a test lead straight to a return of an error that is new there, past everything that is
        done to the lock: so nobody asks for that."""
        others = [other for other, _ in self.graph.nodes[stop.node].successors if other != after]
        ways = [list(self.graph.straight(other)) for other in others]
        fails_ = all(_AN_ERROR.fullmatch(self.graph.nodes[way[-1]].returned) for way in ways)
        return bool(ways) and fails_ and not any(self.events.get(number) for way in ways for number in way)

    def _is_undecided(self, stop: Stop) -> bool:
        """Whether a way stands at a test that what is known there does not decide."""
        node = self.graph.nodes[stop.node]
        if node.kind != "condition":
            return False
        known = deed_of(node).behind(thawed(stop.facts))
        return all(assume(known, condition_of(node), truth=truth) is not None for truth in (True, False))

    def _comes_to(self, wrong: Wronged, first: int) -> bool:
        """Whether every way from a release comes to a wrong step, whatever the tests say, and none to a taking before."""
        ahead = self.graph.behind((first,), {wrong.event.node})
        nodes = [self.graph.nodes[n] for n in ahead]
        locks = any(_relocks().search(c.callee) and not self.surely(c) for node in nodes for c in node.calls)
        takers = {number for number, _ in self.takers}
        return takers.isdisjoint(ahead) and not locks and all(one.kind not in ("return", "exit") for one in nodes)

    def _taken_if_needed(self, stops: Sequence[Stop], seen: Exploration) -> bool:
        """Whether a way ends at a taking that a test right before it leaves out, `if (!rl) down_read(...)`: it may ask that,
        where no constant that the function has put there decides it; what other tests have told of `rl` may be about the lock.
        One that leads round to the same taking, and that no way comes to without the lock, does not ask for it: `if (clash(box))
        goto again;`."""
        graph, taking, following = self.graph, stops[-1].node, stops[-1].node
        behind = set(graph.straight(taking)) - {taking}
        for stop in reversed(stops[:-1]):
            node = graph.nodes[stop.node]
            if node.kind == "condition":
                if seen.at(stop.node) == {"owed"} and any(one.node == taking for one in stops[:-1]):
                    return False
                known = deed_of(node).behind(thawed(stop.facts)) if self._is_set_to_constants(stops, node) else {}
                others = [(after, label == "true") for after, label in node.successors if after != following]
                beside = {
                    after for after, truth in others if assume(known, condition_of(node), truth=truth) is not None
                }
                return bool(behind & (beside | graph.behind(beside, {taking})))
            if node.calls:
                return False
            following = stop.node
        return False

    def _is_handed_out(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether a way returns what it has locked by another name, `box = oldest; return box;`: what other ways have given back
        and returned by that name is another one."""
        base, returned = _BASE.match(self.name), self.graph.nodes[kept.node].returned
        owner = base is not None and self.name.startswith(f"{base[0]}->")
        steps = (a for number in seen.path(kept.stop).nodes for a in self.graph.nodes[number].assignments)
        last = next((a.right for a in reversed(list(steps)) if a.left == returned), "")
        return owner and base is not None and last == base[0]

    def _is_told_dropped(self, stops: Sequence[Stop]) -> bool:
        """Whether a way sets a flag once it has taken it, `*locked = 1;`, hands that to a call, and finds it cleared behind: the
        callee says by it that it has given it back."""
        nodes, takers = [stop.node for stop in stops], {number for number, _ in self.takers}
        taken = max((at for at, number in enumerate(nodes[:-1]) if number in takers), default=0)
        flags: dict[str, bool] = {}
        for number, after in zip(nodes[taken + 1 :], nodes[taken + 2 :], strict=False):
            node = self.graph.nodes[number]
            if node.kind == "condition" and flags.get(node.text) and (after, "false") in node.successors:
                return True
            for call in node.calls:
                flags |= dict.fromkeys((one for one in flags if _leads_to(one) in call.arguments), True)
            flags |= {a.left: False for a in node.assignments if a.right in _SET}
        return False

    def _is_set_to_constants(self, stops: Sequence[Stop], test: Node) -> bool:
        """Whether a test asks for what the function itself has set on the way, and last to a constant: `own = false;`."""
        steps = [one for stop in stops for one in self.graph.nodes[stop.node].assignments]
        last = {one.left: one.right for one in steps}
        return all(CONSTANT.fullmatch(last.get(name, "?")) for name in _BASE.findall(test.text))

    def is_given(self, call: Call) -> bool:
        """Whether a call is about the same expression."""
        return what_of(call) == self.name

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first failing way that keeps it, in a function that gives it back on another, or that tells its
        caller the same where it has not taken it: one that does neither takes it for its caller, where it has one.  Where tests
        were forgotten that decide on taking and on release, nothing is known but of a return that nobody comes to without it."""
        if self.is_lost(seen):
            return ()
        if seen.merged:
            back = any(one.state == "back" for one in seen.arrivals)
            return seen.firsts(lambda one: back and seen.at(one.node) == {"owed"} and self.keeps(one))
        if self.found:
            return seen.firsts(lambda one: self.keeps(one) and self._undone_on(seen, one))
        if any(one.state == "back" for one in seen.arrivals):
            return seen.firsts(lambda one: self.keeps(one) and (fails(self.graph, one) or not self.thing.pinned))
        if self.thing.pinned:
            return ()
        if self.alone:
            return seen.firsts(self.keeps)
        if self._is_taken_back(seen):
            return ()
        if left := seen.firsts(lambda one: self._is_left(seen, one)):
            return left
        if not any("release" in one.marks for events in self.events.values() for one in events):
            return ()
        without = {one.result for one in seen.arrivals if one.state == "idle" and one.result.constant.startswith("-E")}
        return seen.firsts(lambda one: one.result in without and self.keeps(one))

    def takes_for_callers(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether a way keeps it that nobody expects to, in a helper that takes it for whom it tells something else."""
        return all(one.state != "back" for one in seen.arrivals) and not self.alone and self._is_left(seen, kept)

    def _is_left(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether callers leave it behind a failure, which a way tells of, or may, and not where it does not fail; or behind
        zero, and not behind more than that: `return 1;` of a helper that says so where it is held."""
        if kept.state not in TAKES.open:
            return False
        others = [one for one in seen.arrivals if one.state in (*TAKES.open, "unseen") and one is not kept]
        if fails(self.graph, kept):
            return any(not fails(self.graph, one) for one in others) and self.left_by_all(kept.result)
        if self._may_be_ended():
            return False
        if may_fail(self.graph, kept):
            return self.left_by_all(Result(NEGATIVE)) and not self.left_by_all(Result(ZERO))
        if kept.result.signs != ZERO:
            return False
        more = [one.result for one in others if not one.result.signs & ZERO and not fails(self.graph, one)]
        return any(not self.left_by_all(one) for one in more) and self.left_by_all(kept.result)

    def _may_be_ended(self) -> bool:
        """Whether behind the taking stands a call that says that it unlocks, be it by another name of the same, or that it ends
        whose lock it is."""
        base, behind = set(_BASE.findall(self.name)[:1]), self.graph.behind({number for number, _ in self.takers})
        calls = [call for number in behind for call in self.graph.nodes[number].calls]
        given = [call for call in calls if gives_by_name(call)]
        return any(_UNLOCKS.search(c.callee) or base & set(_BASE.findall(" ".join(c.arguments))) for c in given)

    def _undone_on(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether a way gives back what it was found of: one that keeps both has forgotten that, which is told of there."""
        calls = (call for number in seen.path(kept.stop).nodes for call in self.graph.nodes[number].calls)
        return any(call.callee in self.undone and call.arguments[:1] == (self.name,) for call in calls)

    def unsure_of(self, seen: Exploration) -> tuple[str, ...]:
        """What speaks against a return that keeps it: nobody is seen to give it back."""
        if any(one.state == "back" for one in seen.arrivals):
            return ()
        return (self._without_end(),)

    def _without_end(self) -> str:
        return f"no way through {self.graph.name}() ends without it once it has taken it"

    def lets_readers_in(self, call: Call) -> bool:
        """Whether others may read beside who has taken it by a call."""
        return self.reading(call.callee)

    def wanted_by(self, call: Call) -> tuple[str, ...]:
        """Notes of how others take it."""
        return tuple(self.wanted(call))

    def keeps(self, arrival: Arrival) -> bool:
        """Whether a return is come to with it held, and must not be: a fault handler hands nothing over, whatever it returns."""
        return arrival.state in TAKES.open and ("fault" in self.graph.returns or fails(self.graph, arrival))

    def forgotten(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first way that keeps it and tells of no failure, where another way comes to it without and returns
        the same, so that no caller can tell them apart, or where nobody gives it back.  One that fails there is told of already,
        and so is a release whose lack is told of where the lock is taken again."""
        if self.thing.pinned or (self.is_whole and self._is_given()):
            return ()  # who fills in what his caller has given him hands that over
        like_others, lost = self._like_others(seen), self.is_lost(seen) or self._is_found_and_lost(seen)
        failing = {one.node for one in self.breaches(seen)}
        kept = (one for one in seen.arrivals if one.state in TAKES.open and one.node not in failing)
        told = {self._taking(seen, one) for one in self.twice(seen) if one.says == RETAKEN}
        if lost and (told or self.echoes()):  # it is taken where it was to be given back, or the helper is to do so
            return ()
        kept = (one for one in kept if not told or self._taking(seen, one) not in told)
        sure = [
            one
            for one in kept
            if lost or (like_others(one) and not self._asks_again(seen, one) and not self._is_handed_out(seen, one))
        ]
        return seen.firsts(lambda one: one in sure)

    def undecided(self, seen: Exploration, told: Collection[int]) -> tuple[Arrival, ...]:
        """To each return of which nothing is `told` the first way that keeps it, in a method that nobody calls by its name, or
        in a helper of which some caller is not seen to give it back.  Where its name or what it returns says so, it is taken for
        the caller."""
        if (
            seen.merged
            or self.thing.pinned
            or (self.is_whole and self._is_given())
            or (self.alone and (self.told_apart or self._says_so(seen)))
        ):
            return ()
        says = _FOR_CALLERS.search(self.graph.name) and not (_ASKS.search(self.graph.name) and not self.alone)
        if says and all(one.state != "back" for one in seen.arrivals):
            return ()  # nobody gives it back whom its name would mean: that is told by `forgotten`
        base = set(_BASE.findall(self.name)[:1]) if self.alone else set[str]()
        found = seen.firsts(
            lambda one: (
                self._is_open(one)
                and one.node not in told
                and base.isdisjoint(_BASE.findall(self.graph.nodes[one.node].returned))
            )
        )
        return found if self.alone or (found and self.keeper()) else ()

    def whether(self) -> str:
        """What cannot be seen of a return that is not decided."""
        keeper = "" if self.alone else self.keeper()
        return f"whether {keeper}(), which calls it, gives that back" if keeper else "whether it may"

    def matters(self, seen: Exploration) -> Callable[[Arrival], bool]:
        """The returns at which it may not be held: those that fail, and those that others come to without it; all where others
        give it back and nobody else would, whatever the name says."""
        like_others = self._like_others(seen)
        unseen = not seen.merged and any(one.state == "unseen" for one in seen.arrivals)
        nobody = unseen and self._gives_back_in_the_end(seen) and not _LOCKS.search(self.graph.name) and self.unclosed()
        return lambda one: nobody or like_others(one) or fails(self.graph, one)

    def _like_others(self, seen: Exploration) -> Callable[[Arrival], bool]:
        """The ways that end as another does which has given it back: no caller can tell them apart; every way, where another
        gives it back and nobody else would."""
        if not seen.merged and (without := self._without_by_truth(seen)):
            return lambda one: one.result.constant == without
        if seen.merged or self._says_so(seen):
            return lambda _: False
        well = self._gives_back_in_the_end(seen)
        back = well or (self._gives_back(seen) and not self.alone)
        if back and any(map(self._is_open, seen.arrivals)) and self.unclosed():
            return lambda _: True
        nothing = self.graph.returns == "void"

        def told(one: Arrival) -> tuple[int, Result]:
            plain = nothing or one.result.constant in _SAME  # `return true;` is the same wherever it stands
            return (0 if plain or (self.alone and not self.told_apart) else one.node), one.result

        given_back: dict[int, set[Result]] = {}
        for place, result in (told(one) for one in seen.arrivals if one.state == "back"):
            given_back.setdefault(place, set()).add(result)

        def like_others(one: Arrival) -> bool:
            place, result = told(one)
            others = given_back.get(place, set())
            left = well and not self.alone and self._is_left_with_zero(one)
            return result in others or _is_made_of(result, others) or left or (back and self._is_out_of_reach(one))

        return like_others

    def _is_out_of_reach(self, kept: Arrival) -> bool:
        """Whether a way returns NULL with the lock of what the function itself has found: its caller does not know of that."""
        base = _BASE.match(self.name)
        gives_nothing = self.graph.returns.endswith("*") and kept.result.signs == ZERO
        return gives_nothing and base is not None and "->" in self.name and is_local(self.graph, base[0])

    def _is_left_with_zero(self, kept: Arrival) -> bool:
        """Whether a helper says no more than that it did well, `return 0;`, and no caller gives it back behind that."""
        return kept.result.constant == "0" and self.left_by_all(kept.result)

    def _without_by_truth(self, seen: Exploration) -> str:
        """What a function that tells by `true` or `false` whether it has taken it returns where it has not: each way that returns
        the other has it, and some way that returns this comes to its end without; "" for any other function."""
        with_it = {one.result.constant for one in seen.arrivals if one.state in TAKES.open}
        without = {one.result.constant for one in seen.arrivals if one.state in ("idle", "back")}
        known = all(one.state in ("idle", "back", *TAKES.open) for one in seen.arrivals)
        return min(without) if known and with_it == _TRUTHS and len(without) == 1 and without < _TRUTHS else ""

    def _says_so(self, seen: Exploration) -> bool:
        """Whether the name says that it is taken for a caller; one who is not known to have any, returns nothing, and has given
        it back on some way, could not tell him whether it was."""
        if not _FOR_CALLERS.search(self.graph.name):
            return False
        if not self.alone:
            return not (any(map(self._is_open, seen.arrivals)) and self.unclosed())
        return self.graph.returns != "void" or not self._gives_back(seen)

    def is_lost(self, seen: Exploration) -> bool:
        """Whether every way that takes it ends with it, and nobody else gives back what he has not taken.  Who says by his name
        that he locks does so for a caller, be it one that nobody knows, or that is told of itself; who gives it back first, or
        takes it by giving back another hold of it, `downgrade_write()`, has it from his caller, and takes it again for him."""
        taken = {one.state for one in seen.arrivals} - NOT_TAKEN
        if seen.merged or not taken or not taken <= TAKES.open or self._locks_by_name():
            return False
        if self.is_whole:
            return False  # its parts may be given back one by one
        moved = [(n, {*one.marks}) for n, events in self.events.items() for one in events]
        # What is given back in a loop, and always taken again, has been taken here before.
        back = any("unknown" in marks or ("release" in marks and seen.at(n) - {"owed"}) for n, marks in moved)
        return (
            not back
            and not self._is_taken_back(seen)
            and not any(converts(call) for _, call in self.takers)
            and self.unclosed()
        )

    def _is_found_and_lost(self, seen: Exploration) -> bool:
        """Whether the function finds that it has it, gives it back at most where it fails, and nobody else does."""
        ends = {one.state for one in seen.arrivals if not fails(self.graph, one)} - NOT_TAKEN
        return bool(self.found and ends) and not seen.merged and ends <= TAKES.open and self.unclosed()

    def _is_taken_back(self, seen: Exploration) -> bool:
        """Whether each taking is come to behind a call that may have given it back, which the function had not taken by then."""
        gone = {n for n, every in self.events.items() if "idle" in seen.at(n) and any(map(may_give_back, every))}
        return all(number in self.graph.behind(gone) for number, _ in self.takers)

    def _locks_by_name(self) -> bool:
        """Whether the name says that it is taken for a caller, who can be the one to name it: not of a lock of all, where all
        callers are known."""
        return (self.alone or self._is_given()) and _LOCKS.search(self.graph.name) is not None

    def _is_given(self) -> bool:
        """Whether the expression is one of what a caller has given."""
        return not {one.name for one in self.graph.parameters}.isdisjoint(_BASE.findall(self.name))

    @staticmethod
    def _gives_back(seen: Exploration) -> bool:
        return any(one.state == "back" for one in seen.arrivals)

    def _gives_back_in_the_end(self, seen: Exploration) -> bool:
        """Whether some way that does not fail gives it back: who does so only where he fails takes it for his caller."""
        return any(one.state == "back" and not fails(self.graph, one) for one in seen.arrivals)

    @staticmethod
    def _is_open(arrival: Arrival) -> bool:
        return arrival.state in TAKES.open

    def _asks_again(self, seen: Exploration, kept: Arrival) -> bool:
        """Whether a test behind the taking is come to without it too: it may ask what decided on the taking, but for the first
        one that asks whether it was taken, and for those behind which no release is left that it could decide on: from the head
        of a loop only the next taking leads to one."""
        nodes = seen.path(kept.stop).nodes
        taken = max((nodes.index(number) for number, _ in self.takers if number in nodes), default=0)
        asked = [n for n in nodes[taken + 1 :] if self.graph.nodes[n].kind == "condition"]
        if asked and self._asks_for_taking(nodes[taken], asked[0]):
            asked = [n for n in asked if n != asked[0]]
        asked = [n for n in asked if n not in self.found and not self._asks_for_later(nodes[taken + 1 :], n)]
        return any("idle" in seen.at(n) and self._decides(n) for n in asked)

    def _asks_for_later(self, behind: Sequence[int], test: int) -> bool:
        """Whether a test asks for nothing but what calls since the taking have returned, `err = fill(box);`: that cannot have
        decided on it."""
        steps = [self.graph.nodes[number] for number in behind[: behind.index(test)]]
        return _is_of_calls(self.graph.nodes[test], steps)

    def _decides(self, test: int) -> bool:
        """Whether a way leads from a test to what may give it back, or hides that, and takes it not again before."""
        behind = self.graph.behind((test,), {number for number, _ in self.takers})
        events = (one for n in behind for one in self.events.get(n, ()))
        return any(each.state != "owed" for one in events for each in one.outcome("owed", ()).exits)

    def _asks_for_taking(self, taking: int, test: int) -> bool:
        """Whether a test is about what the taking returned; not where that is the owner, which a helper hands back locked."""
        node = self.graph.nodes[taking]
        given = {call_assigned(node, call) for number, call in self.takers if number == taking}
        given -= {"", *_BASE.findall(self.name)}
        return bool(given & set(_BASE.findall(self.graph.nodes[test].text)))


def _words_of(test: Node) -> frozenset[str]:
    """What a test asks about."""
    return frozenset(_BASE.findall(test.text)) if test.kind == "condition" else frozenset()


def _is_of_calls(test: Node, steps: Iterable[Node]) -> bool:
    """Whether a test asks for nothing but what calls in some steps have returned."""
    made = {a.left for one in steps for a in one.assignments if any(a.right.startswith(c.callee) for c in one.calls)}
    return bool(asked := _words_of(test)) and asked <= made


def _is_made_of(whole: Result, parts: Iterable[Result]) -> bool:
    """Whether each value that a return may have is one of another's: zero or more of which one way returns zero, another more.
    A part that may be more than the whole does not count, for nobody knows what it is, and neither does one of many codes."""
    if whole.constant or whole.other_than:
        return False
    inside = [
        one
        for one in parts
        if not one.signs & ~whole.signs and not one.pointer & ~whole.pointer and not one.other_than
        if not one.constant or one.signs == ZERO
    ]
    return whole.signs == reduce(or_, (one.signs for one in inside), 0)


def _leads_to(flag: str) -> str:
    """What a call is given that may clear a flag: `locked` for `*locked`, `&locked` for `locked`."""
    return flag[1:] if flag.startswith("*") else f"&{flag}"


def _may_be_set(node: Node) -> set[str]:
    """What the head of a loop that a macro makes may set: a variable, one whose address it is given, a place. What it is led to
    by a pointer, `&box->list`, it does not take the pointer for."""
    return set(_PLACE.findall(without_brackets(node.text)))


def _is_macro_loop(node: Node) -> bool:
    """Whether a node is the head of a loop that a macro makes, `for_each_box(all, box)`: it sets what it is given."""
    return node.kind == "condition" and "," in without_brackets(node.text)
