"""A return and a step behind a label -> whether another jump that leads there has in hand what the return has.

From the last step that all ways to both come over, nothing that the step is about may have been taken, given back or set.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.graphs.dominators import Dominators
from cocci_gen.kinds.about import About, about, given_of
from cocci_gen.kinds.absent import is_nothing, is_unset
from cocci_gen.kinds.ends import (
    FAILING,
    GOTO,
    End,
    does,
    failing_side,
    fault_of,
    gives_by_name,
    only_gives_back,
    takes_or_makes,
)
from cocci_gen.kinds.opened import Opened, opened_by
from cocci_gen.kinds.takes.words.sorts import unlocks

_WORD = re.compile(r"[A-Za-z_]\w*")
_CALLED = re.compile(r"\w ?\(")
#: What sets a state that others look at, and is neither a count nor a lock.
_SETS_STATE = re.compile(r"atomic\w*_(?:set|xchg|cmpxchg)\w*")
#: So many sides has a test.
_SIDES = 2


class Witnesses:
    """The other jumps of a function, asked for one return or jump."""

    def __init__(self, graph: Graph, number: int) -> None:
        self.graph = graph
        self.number = number
        self.dominators = Dominators(graph)
        self.between: dict[int, tuple[int, ...]] = {}
        self.leading: list[set[int]] = [set() for _ in graph.nodes]
        for one, each in enumerate(graph.nodes):
            for after, _ in each.successors:
                self.leading[after].add(one)

    def falling_into(self, end: End) -> Iterator[int]:
        """The step above a label, from which the way on which nothing failed comes to it as well."""
        ahead = (number for number in self.leading[end.start] if self.dominators.knows(number))
        yield from (number for number in ahead if not GOTO.fullmatch(self.graph.nodes[number].text))

    def right_ahead(self) -> Iterator[Node]:
        """The statements right ahead of the return, which nobody else leads to, the last first."""
        yield from (self.graph.nodes[ahead] for ahead in self.graph.right_ahead(self.number))

    def is_first(self) -> bool:
        """Whether nothing has been done on any way to the return, for a macro like `BOX_I(inode)` does nothing: a later exit has
        nothing in hand that this one has too."""
        ahead, todo = set[int](), [self.number]
        while todo:
            more = self.leading[todo.pop()] - ahead
            ahead |= more
            todo += more
        nodes = (self.graph.nodes[number] for number in ahead)
        return not any(does(node) and not all(call.callee.isupper() for call in node.calls) for node in nodes)

    def does_as_well(self, step: int, end: End, *, asks: bool) -> bool:
        """Whether another jump that fails leads to a step, and what that is about is here what it is there; what does not give
        back is done by no failure but those that a test ahead of the return sends there.  `asks` as for keeps_as_well()."""
        what, gives = about(self.graph.nodes[step], end.variable), self.gives_back(step)
        if self.some_further_does_without(step, self._opened(step)):
            return False
        variable = end.variable
        leading = self._leading_to(step, end, asks=asks)
        sent = (jump for jump in leading if gives or (self._is_sent(jump) and self.says_failure(jump, variable)))
        return any(not self._touched(what, self._opened(step), jump) for jump in sent)

    def gives_back(self, step: int) -> bool:
        """Whether a step gives back: its name says so, or the function takes itself what a call of such a name undoes."""
        node = self.graph.nodes[step]
        return only_gives_back(node) or (not node.assignments and self._opened(step).known)

    def all_further_come_over(self, step: int) -> bool:
        """Whether every way past the test right ahead of the return comes over a step before it ends, which whatever its name
        says may be owed from here on."""
        further = self._further()
        past = set(further) | self.graph.behind(further, {step, self.number})
        return step in past and not any(self.graph.nodes[n].kind in ("return", "exit") for n in past - {self.number})

    def filled_and_left(self, done: Collection[int]) -> str:
        """What gives back a thing that a call ahead of the return was handed the address for, `find(box, &bh)`, and all that come
        later make, besides what is `done`; "" for nothing."""
        graph = self.graph
        asked = self._asked_ahead()
        given = frozenset[str]().union(*(given_of(graph.nodes[number]).things for number in done))
        for step, node in enumerate(graph.nodes):
            things, closers = given_of(node).things, self._opened(step).closers
            if step in done or node.kind != "statement" or not node.calls or not only_gives_back(node):
                continue
            if not things.isdisjoint(given):  # the same lock, taken in another way by then
                continue
            places = {f"&{place}" for place in things}
            filled = {n for n, one in enumerate(graph.nodes) for c in one.calls if not places.isdisjoint(c.arguments)}
            ways = graph.behind(filled - asked - closers, closers)
            if self.number in ways and self.all_further_come_over(step):
                return node.text.removesuffix(";")
        return ""

    def some_further_does_without(self, step: int, opened: Opened) -> bool:
        """Whether a jump further on, past the test right ahead of the return, goes where a step is not done, nothing that gives
        back lies between, nobody was handed what the step is about, and no jump before it comes over the step: what that does
        without is not in hand here either."""
        graph, further = self.graph, self._further()
        past = (set(further) | graph.behind(further, {self.number})) - {self.number}
        jumps = {n for n in past if GOTO.fullmatch(graph.nodes[n].text)}
        over = {n for n in jumps if step in graph.behind((n,))}
        return any(not over & self._sent_ahead_of(n) and self._is_bare(n, past, step, opened) for n in jumps - over)

    def _is_bare(self, jump: int, past: Collection[int], step: int, opened: Opened) -> bool:
        """Whether on the ways to a jump nothing is given back, and nobody is handed what a step is about."""
        ways = (set(past) - {jump}) & self._before({jump}, -1)
        things = given_of(self.graph.nodes[step]).things
        handed = {text.removeprefix("&") for n in ways for call in self.graph.nodes[n].calls for text in call.arguments}
        done = opened.closers | opened.takers
        quiet = done.isdisjoint(ways) and things.isdisjoint(handed)
        return quiet and not any(_may_give_back(self.graph.nodes[n]) for n in ways)

    def _sent_ahead_of(self, jump: int) -> frozenset[int]:
        """The jumps to which a test sends who does not come to another jump."""
        ahead = self._before({jump}, -1)
        sides = {
            to for n in ahead if self.graph.nodes[n].kind == "condition" for to, _ in self.graph.nodes[n].successors
        }
        return frozenset(n for side in sides - ahead for n in self.graph.straight(side) if n != jump)

    def _further(self) -> tuple[int, ...]:
        """Where the ways go on that do not come to the return by the test right ahead of it; () where there is none."""
        test, number = self._test_ahead()
        return tuple(after for after, _ in self.graph.nodes[test].successors if after != number) if test >= 0 else ()

    def _asked_ahead(self) -> set[int]:
        """The test right ahead of the return, and the steps that made what it asks for; none where there is no test."""
        test, _ = self._test_ahead()
        return {test, *self._made_for(test)} if test >= 0 else set()

    def _test_ahead(self) -> tuple[int, int]:
        """The test right ahead of the return, and the step behind it on the way there; (-1, the step) where there is none."""
        number = self.number
        while len(self.leading[number]) == 1:
            [ahead] = self.leading[number]
            if self.graph.nodes[ahead].kind == "condition":
                return ahead, number
            number = ahead
        return -1, number

    def keeps_as_well(self, step: int, end: End, *, asks: bool) -> bool:
        """Whether another jump has in hand what a step gives back, and the return has it too; `asks` tells that what is done
        behind the label hangs on what the returned variable says."""
        opened = self._opened(step)
        if opened.known and not opened.reach(self.number):
            return False
        what = given_of(self.graph.nodes[step])
        bases = {_WORD.match(one) for one in what.things}
        if any(base and is_unset(self.graph, self.number, base[0]) for base in bases):
            return False
        if self.some_further_does_without(step, opened):
            return False
        return any(not self._touched(what, opened, jump) for jump in self._leading_to(step, end, asks=asks))

    def _opened(self, step: int) -> Opened:
        return opened_by(self.graph, self.graph.nodes[step])

    def _leading_to(self, step: int, end: End, *, asks: bool) -> Iterator[int]:
        return (jump for jump in self._jumps(end, asks=asks) if step in self.graph.behind((jump,)))

    def _jumps(self, end: End, *, asks: bool) -> Iterator[int]:
        """The function's other jumps down, and the way that falls into the label; only those that say that they fail, where what
        is done there hangs on it."""
        graph, places = self.graph, dict(self.graph.labels)
        if not asks:
            yield from self.falling_into(end)
        for number, node in enumerate(graph.nodes):
            to = GOTO.fullmatch(node.text)
            if to and number != self.number and self.dominators.knows(number):
                down = to[1] in places and graph.nodes[places[to[1]]].line > node.line
                if down and (not asks or self.says_failure(number, end.variable)):
                    yield number

    def says_failure(self, jump: int, variable: str) -> bool:
        """Whether right ahead of a jump the variable gets an error, or a test finds one in it, or in what it is made of."""
        number = jump
        while True:
            if len(self.leading[number]) != 1:
                return False
            [ahead] = self.leading[number]
            node = self.graph.nodes[ahead]
            if node.kind != "statement":
                sides = [label for after, label in node.successors if after == number and label]
                return failing_side(node, variable) in sides or self._only_fails(ahead, variable)
            number = ahead
            if set_here := [one.right for one in node.assignments if one.left == variable]:
                if len(set_here) > 1 or not (made_of := fault_of(self.graph, set_here[0])):
                    return all(re.fullmatch(FAILING, right) for right in set_here)
                variable = made_of

    def _only_fails(self, number: int, variable: str) -> bool:
        """Whether all that a variable may hold at a step has been set to an error."""
        nodes = self.graph.nodes
        setting = {n for n, node in enumerate(nodes) if any(a.left == variable for a in node.assignments)}
        held = (n for n in setting if number in self.graph.behind((n,), setting - {n}))
        values = [a.right for n in held for a in nodes[n].assignments if a.left == variable]
        handed = any(text == f"&{variable}" for call in self.graph.calls() for text in call.arguments)
        return bool(values) and not handed and all(re.fullmatch(FAILING, one) for one in values)

    def all_come_to(self, end: End, owed: Collection[int], *, failed: bool) -> bool:
        """Whether every other way from where the function takes what is owed, or has got it from its caller, comes to a label
        before it ends, one that a test ahead of the return sends there among them; who succeeds with what the caller handed over
        says nothing of who `failed`."""
        ways = self._past(end, owed)
        failed = failed and not self._takers_of(owed)
        others = any(not failed or one.returned not in ("0", "NULL") for one in self._ending(ways))
        sent = (n for n in ways if self.graph.nodes[n].text == f"goto {end.label};" and self._is_sent_ahead(n))
        return bool(owed) and not others and any(True for _ in sent)

    def is_the_one_end(self, end: End, owed: Collection[int]) -> bool:
        """Whether every other way from where the function itself takes what is owed comes to a label before it ends."""
        return bool(self._takers_of(owed)) and not any(self._ending(self._past(end, owed)))

    def taken_for(self, step: int) -> frozenset[int]:
        """The steps that take what a step gives back."""
        return self._opened(step).takers

    def _takers_of(self, owed: Collection[int]) -> frozenset[int]:
        """The steps of the function that take what others give back."""
        return frozenset[int]().union(*(opened_by(self.graph, self.graph.nodes[number]).takers for number in owed))

    def _past(self, end: End, owed: Collection[int]) -> frozenset[int]:
        """The steps behind the taking of what is owed, or behind the start, up to a label and to the return."""
        stops = {end.start, self.number}
        return self.graph.behind(self._takers_of(owed) or {0}, stops) - stops

    def _ending(self, ways: Collection[int]) -> Iterator[Node]:
        """Those of some steps behind which the function ends."""
        nodes = self.graph.nodes
        return (nodes[n] for n in ways if any(nodes[after].kind == "exit" for after, _ in nodes[n].successors))

    def _is_sent_ahead(self, jump: int) -> bool:
        """Whether the other side of the test right ahead of a jump leads to the return."""
        number = jump
        while len(self.leading[number]) == 1:
            [ahead] = self.leading[number]
            node = self.graph.nodes[ahead]
            if node.kind == "condition":
                return any(
                    self.number in {after} | self.graph.behind((after,))
                    for after, _ in node.successors
                    if after != number
                )
            number = ahead
        return False

    def may_be_owed(self, step: int) -> bool:
        """Whether what a step gives back may be in hand here, as far as is known who takes it."""
        opened = self._opened(step)
        return not opened.known or opened.reach(self.number)

    def has_open(self, step: int) -> bool:
        """Whether some way to the return has taken what a step gives back, as the names of both say, and not given it back; not
        where the test right ahead of the return is the one whether it was taken."""
        opened = self._opened(step)
        if not opened.known or not opened.reach(self.number):
            return False
        return opened.takers.isdisjoint(self._asked_ahead())

    def may_hold(self, step: int) -> bool:
        """Whether what a step gives back is a place that the function has put something into on some way to the return, and that
        has neither been given back since nor found empty; not where the test right ahead of the return asks for just that, or an
        exit further on does without."""
        graph, node, opened = self.graph, self.graph.nodes[step], self._opened(step)
        if node.kind != "statement" or not node.calls or not self.gives_back(step):
            return False
        if self.some_further_does_without(step, opened):
            return False
        asked = self._asked_ahead()
        here = {a.left for one in self.right_ahead() for a in one.assignments}
        for place in self.given_by(step) - here:  # what this way alone has put there nobody else gives back
            put = {n for n, one in enumerate(graph.nodes) for a in one.assignments if a.left == place} - asked
            if self.number in graph.behind(put, opened.closers) and not is_nothing(
                graph, self.leading, self.number, place
            ):
                return True
        return False

    def given_by(self, step: int) -> frozenset[str]:
        """The places whose contents a step gives back: those that it is given first, or, where the function puts nothing into
        them, what it has got from a call and hands over beside, `kmem_cache_free(cache, box)`."""
        node, graph = self.graph.nodes[step], self.graph
        first = given_of(node).things
        own = {a.left for a in graph.assignments()} | {one.name for one in graph.parameters}
        if any((base := _WORD.match(one)) and base[0] in own for one in first):
            return first
        got = {a.left for a in graph.assignments() if _CALLED.search(a.right)}
        return frozenset(text for call in node.calls for text in call.arguments[1:] if text in got) or first

    def may_be_kept(self, step: int) -> bool:
        """Whether what a step gives back may be in hand here: the function has put it somewhere, or a helper has locked it."""
        return self.may_be_owed(step) if self.may_hold(step) else self.may_be_locked(step)

    def may_be_locked(self, step: int) -> bool:
        """Whether a step gives back a lock that the function does not take itself, and that a call ahead of the return may have
        taken which was handed what the lock lies in."""
        node, opened = self.graph.nodes[step], self._opened(step)
        locks = any(map(unlocks, node.calls))
        if not locks or opened.known:
            return False
        bases = {base[0] for place in given_of(node).things if (base := _WORD.match(place)) and base[0] != place}
        handed = {
            n for n, one in enumerate(self.graph.nodes)
            if any(not gives_by_name(call) and not bases.isdisjoint(call.arguments) for call in one.calls)
        }  # fmt: skip
        ways = self.graph.behind(handed, opened.closers)
        return self.number in ways and step in ways

    def sets_back(self, step: int) -> bool:
        """Whether a step does no more than to empty a place of somebody else, into which the function has put something on the
        way here and which it has not emptied since: `current->backing_dev_info = NULL`; or to set a state that the function has
        set on the way here already: who leaves it half set is waited for."""
        graph, node = self.graph, self.graph.nodes[step]
        if node.kind == "statement" and (places := _states_set(node)):
            every = {n for n, one in enumerate(graph.nodes) if not places.isdisjoint(_states_set(one))} - {step}
            return any({self.number, step} <= graph.behind((n,)) for n in every)
        emptied = [a for a in node.assignments if a.right in ("NULL", "0", "false") and "->" in a.left]
        if node.calls or not emptied or len(emptied) != len(node.assignments):
            return False
        every = {n for n, one in enumerate(graph.nodes) for a in one.assignments if a.left == emptied[0].left}
        put = {n for n in every if all(a.right != emptied[0].right for a in graph.nodes[n].assignments)}
        return any(self.number in graph.behind((n,), every - {n}) for n in put)

    def is_handed_in(self, step: int) -> bool:
        """Whether what a step gives back is nothing that the function takes, has put anywhere or has had filled in, nor gone on
        the way here."""
        opened, own = self._opened(step), {a.left for a in self.graph.assignments()}
        own |= {
            text.removeprefix("&") for call in self.graph.calls() for text in call.arguments if text.startswith("&")
        }
        gone = self.number in self.graph.behind(opened.closers)
        bases = {base[0] for place in self.given_by(step) if (base := _WORD.match(place))}
        return not gone and not opened.known and bool(bases) and bases.isdisjoint(own)

    def _touched(self, what: About, opened: Opened, jump: int) -> bool:
        """Whether what a step is about may be another thing at the jump than at the return."""
        if jump not in self.between:
            self.between[jump] = tuple(self._steps_between(jump))
        between = [n for n in self.between[jump] if not self._decides_nothing(n, jump)]
        if not (opened.takers | opened.closers).isdisjoint(between):
            return True
        if not opened.known and self._is_foreign(what) and any(self._makes(n) for n in between):
            return True
        return any(what.touched_by(self.graph.nodes[n]) for n in between) or self._has_taken(what, opened, jump)

    def _makes(self, number: int) -> bool:
        """Whether a step calls what takes or makes something, of which nobody sees where it puts that."""
        return any(map(takes_or_makes, self.graph.nodes[number].calls))

    def _decides_nothing(self, test: int, jump: int) -> bool:
        """Whether both sides of a test that does no more than ask lead to the jump: what it asks is not known there."""
        node, round_again = self.graph.nodes[test], {test}
        sides = [after for after, _ in node.successors]
        if len(sides) < _SIDES or node.calls or node.assignments:
            return False
        return all(jump in {one} | self.graph.behind((one,), round_again) for one in sides)

    def _has_taken(self, what: About, opened: Opened, jump: int) -> bool:
        """Whether the jump is for the failure of a call that takes what a step is about, and has taken it where it succeeds."""
        if not self._is_sent(jump):
            return False  # the call is one of the steps between
        made = tuple(self._made_for(self.dominators.common((self.number, jump))))
        if opened.known:
            return any(number in opened.takers for number in made)
        given = any(what.is_given(call) for number in made for call in self.graph.nodes[number].calls)
        return given or (self._is_foreign(what) and any(map(self._makes, made)))

    def _is_foreign(self, what: About) -> bool:
        """Whether all that a step is about is neither the function's own nor its caller's: who puts it there nobody sees."""
        own = self._put_into() | {one.name for one in self.graph.parameters}
        bases = {base[0] for place in what.things if (base := _WORD.match(place))}
        return bool(bases) and bases.isdisjoint(own)

    def _put_into(self) -> set[str]:
        """The places that the function puts something into, or whose address it hands out to have that done."""
        handed = {text[1:] for call in self.graph.calls() for text in call.arguments if text.startswith("&")}
        return {a.left for a in self.graph.assignments()} | handed

    def _steps_between(self, jump: int) -> Iterator[int]:
        """The steps on the ways to the return or to the jump, from the last one on that both have in common; a test among
        them with what made the value that it asks for."""
        graph = self.graph
        last = self.dominators.common((self.number, jump))
        ways = graph.behind((last,), {last}) & self._before({self.number, jump}, last)
        # The step that falls into a label is one of them, and no jump.
        yield from (ways - {self.number, jump, last}) | ({jump} - {last})
        if not self._is_sent(jump):
            yield last
            yield from self._made_for(last)

    def _made_for(self, test: int) -> Iterator[int]:
        """The steps right ahead of a test that made what it asks for; what only declares a name stands in between."""
        asked = set(_WORD.findall(self.graph.nodes[test].text))
        for number in map(self._past_declarations, self.leading[test]):
            if any(a.left in asked for a in self.graph.nodes[number].assignments):
                yield number

    def _past_declarations(self, number: int) -> int:
        """The last step up to one that does something."""
        node = self.graph.nodes[number]
        while not node.calls and not node.assignments and node.kind == "statement" and len(self.leading[number]) == 1:
            [number] = self.leading[number]
            node = self.graph.nodes[number]
        return number

    def _is_sent(self, jump: int) -> bool:
        """Whether the last step that all ways to the return and to a jump come over sends one side straight to the jump."""
        last = self.graph.nodes[self.dominators.common((self.number, jump))]
        return jump in {n for after, _ in last.successors for n in self.graph.straight(after)}

    def _before(self, ends: Collection[int], last: int) -> set[int]:
        """The steps from which a way leads to one of some others without coming round to the last one in common again."""
        seen: set[int] = set()
        todo = list(ends)
        while todo:
            for number in self.leading[todo.pop()] - seen - {last}:
                seen.add(number)
                todo.append(number)
        return seen


def _may_give_back(node: Node) -> bool:
    """Whether a step between two exits may give something back, or do what nobody knows of: a call that is no test."""
    return node.kind == "statement" and any(gives_by_name(call) for call in node.calls)


def _states_set(node: Node) -> set[str]:
    """The states that the calls of a step set: `&box->state` of `atomic_set(&box->state, READY)`."""
    given = {call.arguments[0] for call in node.calls if _SETS_STATE.fullmatch(call.callee) and call.arguments}
    return {text for text in given if text.startswith("&") and "->" in text}
