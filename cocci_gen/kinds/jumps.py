"""A return, or a jump to one, that lacks calls -> Jump, to the label behind which the function's other exits make them.

The label must do what is owed, and what else it does must be owed too: another jump leads there, and from the last step that all
ways to both come over, nothing that it gives back or looks at has been taken, given back or set.  Of several such labels the one
is meant that gives back most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.states.known import ANY, NEGATIVE, ZERO
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.about import about, given_of
from cocci_gen.kinds.absent import is_no_object, is_nothing
from cocci_gen.kinds.decided import decided_at, fails_at
from cocci_gen.kinds.ends import (
    FAILING,
    GOTO,
    End,
    always_over,
    changes,
    does,
    ends_below,
    every_end_below,
    fault_of,
    gives_by_name,
    only_gives_back,
    takes_nothing,
)
from cocci_gen.kinds.flags import Flag, flags_over
from cocci_gen.kinds.witnesses import Witnesses

#: Steps ahead of a release that belong to it: a test, and what hangs on that.
_NEAR = 3
#: Values that may be kept while something is given back, those that certainly fail first.
_VALUE = re.compile(rf"(?:{FAILING}|-?\d+|[A-Z]\w+|[a-z_]\w*)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_ERROR = re.compile(r"-E[A-Z0-9]+|PTR_ERR ?\(\w+\)")


@dataclass(frozen=True, slots=True)
class Jump:
    """A label, and the assignments ahead of the jump to it."""

    label: str
    sets: tuple[str, ...]


def jump_for(
    graph: Graph,
    number: int,
    owed: Sequence[Collection[int]],
    signs: int = ANY,
    out_of_hand: Callable[[int], bool] = lambda _step: False,
) -> Jump | None:
    """The jump that gives a return, whose value is of these signs, all that is owed, each a set of nodes of which every way must
    come over one; None where there is no such label, or where the nearest exit that owes the same does without one.
    `out_of_hand` tells whether what a step gives back is known not to be in hand there."""
    graph = decided_at(graph, number)
    node = graph.nodes[number]
    goes_on = node.successors[0][0] if GOTO.fullmatch(node.text) else number
    made = fault_of(graph, node.returned) if goes_on == number else ""
    if goes_on == number and (node.kind != "return" or not (made or _VALUE.fullmatch(node.returned or "0"))):
        return None
    if (
        not all(owed)
        or number not in graph.behind((0,))
        or (goes_on != number and [one.text for one in graph.nodes].count(node.text) == 1)
    ):
        return None
    failed = bool(signs & NEGATIVE) and not signs & ZERO
    failed |= goes_on == number and (bool(made) or re.fullmatch(FAILING, node.returned) is not None)
    place = _Place(graph, number, goes_on, frozenset().union(*owed))
    place.out_of_hand = out_of_hand
    failed |= "fault" in graph.returns and place.witnesses.says_failure(number, node.returned)
    signs, place.failed = NEGATIVE if failed else signs, failed
    ends = [one for one in ends_below(graph, number, signs, place.now) if place.may_go_to(one, failed=failed)]
    right = [one for one in ends if all(always_over(graph, one, nodes) for nodes in owed) and place.owes(one)]
    if not right:
        return None
    # Of labels that do the same here, the one is meant that leads over nothing else.
    best = max(
        right,
        key=lambda one: (place.owed_of(one), -len(one.prints), -len(one.nodes), -graph.nodes[one.start].line),
    )
    if not place.more(best) and not place.is_usual(best, owed[0], failed=failed):
        return None
    if any(place.is_half_of(best, one) for one in ends) or place.witnesses.filled_and_left(place.owed | best.nodes):
        return None
    return Jump(best.label, place.sets(best))


def also_owed(
    graph: Graph, number: int, made: Collection[int], out_of_hand: Callable[[int], bool] = lambda _step: False
) -> str:
    """What other exits give back behind a label as well, besides what some nodes do, and what a return or jump has in hand like
    them and keeps: to make the calls there would be a part of what it owes; "" for nothing.  `out_of_hand` tells whether what a
    step gives back is known not to be in hand there."""
    graph = decided_at(graph, number)
    node = graph.nodes[number]
    goes_on = node.successors[0][0] if GOTO.fullmatch(node.text) else number
    if number not in graph.behind((0,)):
        return ""
    made = frozenset(made)
    place = _Place(graph, number, goes_on, made)
    place.out_of_hand = out_of_hand
    place.failed = re.fullmatch(FAILING, node.returned or "") is not None
    if place.witnesses.is_first():
        return ""
    # Who jumps keeps what stands ahead of the place that it jumps to; other labels are for other stages.
    ends = [one for one in every_end_below(graph, number) if goes_on == number or goes_on in one.nodes]
    ends.sort(key=lambda one: -graph.nodes[one.start].line)
    kept = [(end, step) for end in ends for step in sorted(place.more(end)) if place.may_lack(step, end)]
    # What every way gives back there names the lack better than what one may.
    kept.sort(key=lambda one: not always_over(graph, one[0], (one[1],)))
    if kept:
        return place.named(*kept[0])
    return place.witnesses.filled_and_left(made | place.now) or place.done_by_all(ends) or place.given_beside(made)


def a_part_without(also: str) -> NoFix:
    """Why the calls alone are no fix, where other exits make another one too."""
    return NoFix(f"other exits make `{also}` as well, and whether that is owed here is for a person to decide")


class _Place:
    """The return or jump to mend, and where it goes now."""

    def __init__(self, graph: Graph, number: int, goes_on: int, owed: frozenset[int]) -> None:
        self.graph = graph
        self.number = number
        self.goes_on = goes_on
        self.owed = owed
        here = graph.nodes[number].kind == "return"
        self.now = frozenset[int]() if here else frozenset({goes_on}) | graph.behind((goes_on,))
        self.witnesses = Witnesses(graph, number)
        self.failed = False
        self.out_of_hand: Callable[[int], bool] = lambda _step: False

    def may_go_to(self, end: End, *, failed: bool) -> bool:
        """Whether what is returned can be handed to a label, and is handed back by it."""
        node = self.graph.nodes[self.number]
        below = self.goes_on in end.nodes and self.goes_on != end.start
        if self.goes_on != self.number and not below and not self._was_left(end):
            return False
        # A text that is printed for one failure does not fit another.
        if end.prints - self.now and sum(one.text == f"goto {end.label};" for one in self.graph.nodes) < 2:
            return False
        returned = node.returned if self.goes_on == self.number else end.returned
        if not end.variable and returned != end.returned:
            return False
        # No fault code is an error number, of which another one could be made.
        if fault_of(self.graph, end.returned) and returned != end.returned and not _ERROR.fullmatch(returned):
            return False
        if self.sets(end) and (not failed or end.variable in _WORD.findall(self.sets(end)[0].partition("=")[2])):
            return False
        # What is asked behind the label is whether its variable has failed; another one may have.
        jumps = self.goes_on != self.number
        if failed and jumps and self._asks(end) and not fails_at(self.graph, self.number, end.variable):
            return False
        # Who returns the very constant that the label does means the same by it, where it only gives things back.
        alike = not end.variable and self.goes_on == self.number and returned == end.returned != ""
        alike = alike and all(map(self._only_gives_back, self.more(end)))
        return failed or alike or (not self._asks(end) and any(True for _ in self.witnesses.falling_into(end)))

    def _only_gives_back(self, step: int) -> bool:
        return self.graph.nodes[step].kind != "statement" or only_gives_back(self.graph.nodes[step])

    def _was_left(self, end: End) -> bool:
        """Whether nobody goes to a label any more, and what it does is all that is done behind the one that is gone to: who
        wrote the label went there."""
        nodes = self.graph.nodes
        unused = not any(node.text == f"goto {end.label};" for node in nodes)
        return unused and {n for n in self.now if does(nodes[n])} <= end.nodes

    def sets(self, end: End) -> tuple[str, ...]:
        """What is assigned ahead of a jump."""
        returned = self.graph.nodes[self.number].returned if self.goes_on == self.number else end.returned
        if not end.variable or returned in (end.returned, end.variable, ""):
            return ()
        value = _as_error(returned) if end.returned.startswith("ERR_PTR") else returned
        return () if self._is_set(end.variable, value) else (f"{end.variable} = {value};",)

    def _is_set(self, variable: str, value: str) -> bool:
        """Whether the variable has got just this value by the last steps ahead, which nobody else leads to."""
        for node in self.witnesses.right_ahead():
            if set_here := [one.right for one in node.assignments if one.left in (variable, *_WORD.findall(value))]:
                return set_here == [value]
        return False

    def more(self, end: End) -> frozenset[int]:
        """What is done behind a label besides what is owed and what is done now."""
        return end.steps - self.owed - self.now

    def owed_of(self, end: End) -> tuple[int, int]:
        """How much is given back behind a label besides what is owed and what is done now, and of how little it is given nothing:
        to free what is not there yet is for others, where there is a label without."""
        nothing = sum(map(self._is_given_nothing, self.more(end)))
        return len(self.more(end)) - nothing, -nothing

    def is_half_of(self, end: End, other: End) -> bool:
        """Whether a label above one that is meant comes down to it, and what is done in between may be in hand here too."""
        between = self.more(other) - self.more(end) if end.start in other.nodes else ()
        return any(self.may_keep(step, other) and not self.out_of_hand(step) for step in between)

    def may_lack(self, step: int, end: End) -> bool:
        """Whether a step gives back what the return or jump may have in hand too, other than what is owed."""
        known = self._asks_for_owed(step) or self._is_of_no_object(step) or self.out_of_hand(step)
        return not known and self.may_keep(step, end)

    def _is_of_no_object(self, step: int) -> bool:
        """Whether there is none of what a step gives back on any way to the return or jump."""
        calls = self.graph.nodes[step].calls
        return bool(calls) and all(
            call.arguments and is_no_object(self.graph, self.witnesses.leading, self.number, call.arguments[0])
            for call in calls
        )

    def _asks_for_owed(self, step: int) -> bool:
        """Whether a step is the test whether to do what is owed, and nothing else hangs on it."""
        nodes = self.graph.nodes
        after = {one for one, _ in nodes[step].successors}
        owed = after & self.owed
        return (
            nodes[step].kind == "condition"
            and len(after) == 2
            and len(owed) == 1
            and all({to for to, _ in nodes[one].successors} == after - owed for one in owed)
        )

    def may_keep(self, step: int, end: End) -> bool:
        """Whether a step gives back what the return or jump has in hand too, or may do so."""
        asked = self.witnesses.has_open(step) or self.witnesses.may_hold(step)
        asked = asked or any(one.may_hold(self.number) for one in self._flags_of(step, end))
        asked = asked or self.witnesses.sets_back(step)
        return asked or self.keeps(step, end) or self._may_be_left(step, end)

    def _flags_of(self, step: int, end: End) -> Iterator[Flag]:
        """The flags of the function that decide over a step behind a label: each says itself whether the step is owed."""
        for one in flags_over(self.graph, step, end.start):
            if one.is_known(self.number):
                yield one

    def done_by_all(self, ends: Iterable[End]) -> str:
        """What every other way does behind its one label, and what neither takes nor gives back; "" for nothing."""
        nodes = self.graph.nodes
        for end in (one for one in ends if not self._is_for_success(one)):
            begun = frozenset[int]().union(*(self.witnesses.taken_for(step) for step in self.more(end)))
            steps = (n for n in sorted(self.more(end) - begun) if nodes[n].kind == "statement" and nodes[n].calls)
            # What sets a variable works out what is returned.
            steps = (n for n in steps if not nodes[n].assignments and does(nodes[n]))
            steps = (n for n in steps if not any(map(changes, nodes[n].calls)))
            first = next(steps, None)
            if first is not None and self.witnesses.is_the_one_end(end, self.owed):
                return nodes[first].text.removesuffix(";")
        return ""

    def given_beside(self, made: Collection[int]) -> str:
        """What another exit without a label gives back right beside the same calls, and may be in hand here; "" for nothing."""
        nodes = self.graph.nodes
        here = (*self.graph.right_ahead(self.number), *self.graph.straight(self.number), *made)
        done = {nodes[number].text for number in here}
        given = frozenset[str]().union(*(self.witnesses.given_by(number) for number in made))
        exits = [list(self.graph.straight(number)) for number in sorted(made)]
        exits = [steps for steps in exits if nodes[steps[-1]].kind == "return"]
        beside = [[*self.graph.right_ahead(steps[0]), *steps] for steps in exits]
        alike = [{nodes[n].text for n in steps} for steps in beside if nodes[steps[-1]].returned not in ("0", "NULL")]
        for step in (one for steps in beside for one in steps):
            other = self._gives_other(step, done) and self.witnesses.given_by(step) - given
            if other and (self.witnesses.may_be_kept(step) or self._goes_with_all(step, alike)):
                return nodes[step].text.removesuffix(";")
        # What stands there under a test may have been taken by a helper.
        near = (step for steps in exits for step in sorted(self._near(steps[0])) if self._gives_other(step, done))
        return next((nodes[step].text.removesuffix(";") for step in near if self.witnesses.may_be_locked(step)), "")

    def _gives_other(self, step: int, done: Collection[str]) -> bool:
        """Whether a step gives something back, and is not done already."""
        node = self.graph.nodes[step]
        gives = node.kind == "statement" and only_gives_back(node) and any(map(gives_by_name, node.calls))
        return gives and node.text not in done and step not in self.now and not self.out_of_hand(step)

    def _goes_with_all(self, step: int, alike: Sequence[Collection[str]]) -> bool:
        """Whether every exit that fails and gives the same back as is owed does a step as well, to what the function has from its
        caller, or others have too."""
        others = bool(alike) and all(self.graph.nodes[step].text in texts for texts in alike)
        return others and self.witnesses.is_handed_in(step)

    def _may_be_left(self, step: int, end: End) -> bool:
        """Whether a call of which no name says what it does is made by all that come later, and is here what it is there."""
        node = self.graph.nodes[step]
        told = node.kind != "statement" or not node.calls or bool(node.assignments)
        if told or self._is_for_success(end) or not self.witnesses.all_further_come_over(step):
            return False
        return self.witnesses.keeps_as_well(step, end, asks=self._asks(end))

    def _is_for_success(self, end: End) -> bool:
        """Whether only who succeeds ends behind a label, and the return fails: the rest of the work is done there as well."""
        nodes = self.graph.nodes
        returned = {nodes[n].returned for n in end.nodes if nodes[n].kind == "return"}
        return self.failed and bool(returned) and returned <= {"0", "NULL"}

    def named(self, end: End, step: int) -> str:
        """A step behind a label as it is written; of a test, the first call that hangs on it."""
        graph = self.graph
        sides = [{to} | graph.behind((to,)) for to, _ in graph.nodes[step].successors]
        apart = set[int]().union(*sides) - set[int].intersection(*sides)
        hanging = [n for n in sorted(apart & self.more(end)) if graph.nodes[n].kind == "statement"]
        shown = hanging[0] if graph.nodes[step].kind == "condition" and hanging else step
        return graph.nodes[shown].text.removesuffix(";")

    def owes(self, end: End) -> bool:
        """Whether all of that is owed here as well."""
        return self._is_meant(end) or all(
            self.witnesses.does_as_well(step, end, asks=self._asks(end))
            or self._is_given_nothing(step)
            or self._is_epilogue(step, end)
            or self._goes_with_it(step)
            or any(True for _ in self._flags_of(step, end))
            for step in self.more(end)
        )

    def _is_meant(self, end: End) -> bool:
        """Whether nobody goes to a label any more: it was meant for the one who forgot it, and has done nothing of it yet."""
        unused = not any(node.text == f"goto {end.label};" for node in self.graph.nodes)
        done = {node.text for node in self.witnesses.right_ahead()}
        more = self.more(end)
        return unused and all(
            self.witnesses.may_be_owed(step) and self.graph.nodes[step].text not in done for step in more
        )

    def _is_epilogue(self, step: int, end: End) -> bool:
        """Whether a step undoes nothing, and whoever else has taken what is owed comes to the label before the function ends."""
        undoes = only_gives_back(self.graph.nodes[step]) and not self._is_made_behind(step, end)
        return not undoes and self.witnesses.all_come_to(end, self.owed, failed=self.failed)

    def _goes_with_it(self, step: int) -> bool:
        """Whether the function does the same to just that right ahead of each call that gives back what is owed, of several."""
        nodes = self.graph.nodes
        given = frozenset[str]().union(*(given_of(nodes[number]).things for number in self.owed))
        if len(self.owed) < 2 or not about(nodes[step], "").things <= given:
            return False
        return all(any(nodes[one].text == nodes[step].text for one in self._near(at)) for at in self.owed)

    def _near(self, number: int) -> set[int]:
        """The steps a few ahead of one."""
        found, edge = set[int](), {number}
        for _ in range(_NEAR):
            edge = set[int]().union(*(self.witnesses.leading[one] for one in edge)) - found
            found |= edge
        return found

    def keeps(self, step: int, end: End) -> bool:
        """Whether a step gives back what another jump has in hand, and the return has it too."""
        node = self.graph.nodes[step]
        if node.kind == "condition" or not node.calls or not self.witnesses.gives_back(step):
            return False
        if self._is_made_behind(step, end):
            return False
        return self.witnesses.keeps_as_well(step, end, asks=self._asks(end))

    def _is_made_behind(self, step: int, end: End) -> bool:
        """Whether what a step gives back is made behind the label itself."""
        things = given_of(self.graph.nodes[step]).things
        return any(a.left in things for n in end.nodes for a in self.graph.nodes[n].assignments)

    def _is_given_nothing(self, step: int) -> bool:
        """Whether what a step gives back is not there on any way to the return, and it takes that for nothing."""
        calls = self.graph.nodes[step].calls
        return bool(calls) and all(
            takes_nothing(call) and is_nothing(self.graph, self.witnesses.leading, self.number, call.arguments[0])
            for call in calls
        )

    def is_usual(self, end: End, owed: Collection[int], *, failed: bool) -> bool:
        """Whether the exit nearest to a return that makes the calls goes to the label, and does not make them itself; how one
        ends that succeeds says nothing of failures."""
        graph, line = self.graph, self.graph.nodes[self.number].line
        jumps = [abs(node.line - line) for node in graph.nodes if node.text == f"goto {end.label};"]
        plain = [
            abs(graph.nodes[n].line - line) for n in owed if n not in end.nodes and _ends_with(graph, n, failed=failed)
        ]
        return not jumps or min(jumps) < min(plain, default=min(jumps) + 1)

    def _asks(self, end: End) -> bool:
        """Whether what is done behind a label, and not now, hangs on what the variable says that is returned."""
        return not end.asking <= self.now


def _ends_with(graph: Graph, number: int, *, failed: bool) -> bool:
    """Whether a step is of the last ones before a return (that may fail), that give back what is in hand."""
    *steps, last = (graph.nodes[n] for n in graph.straight(number))
    succeeds = failed and last.returned in ("0", "NULL")
    return last.kind == "return" and not succeeds and all(only_gives_back(node) or not does(node) for node in steps)


def _as_error(returned: str) -> str:
    """The error that a pointer tells of, for a variable that is made a pointer behind the label."""
    if found := re.fullmatch(r"ERR_PTR ?\(([-\w]+)\)", returned):
        return found[1]
    if found := re.fullmatch(r"(?:ERR_CAST ?\()?([a-z_]\w*)\)?", returned):
        return f"PTR_ERR({found[1]})"
    return returned
