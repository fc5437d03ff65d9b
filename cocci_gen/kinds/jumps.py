"""A return, or a jump to one, that lacks calls -> Jump, to the label behind which the function's other exits make them.

The label must do what is owed, and what else it does must be owed too: another jump leads there, and from the last step that all
ways to both come over, nothing that it gives back or looks at has been taken, given back or set.  Of several such labels the one
is meant that gives back most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.dominators import Dominators
from cocci_gen.code.known import ANY, NEGATIVE, ZERO
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.about import About, about, given_of
from cocci_gen.kinds.ends import (
    GOTO,
    End,
    always_over,
    does,
    ends_below,
    every_end_below,
    failing_side,
    only_gives_back,
    takes_nothing,
)

#: Values that may be kept while something is given back, those that certainly fail first.
_FAILING = r"-E[A-Z0-9]+|PTR_ERR ?\(\w+\)|ERR_PTR ?\([-\w]+\)|ERR_CAST ?\(\w+\)"
_VALUE = re.compile(rf"(?:{_FAILING}|-?\d+|[A-Z]\w+|[a-z_]\w*)")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Jump:
    """A label, and the assignments ahead of the jump to it."""

    label: str
    sets: tuple[str, ...]


def jump_for(graph: Graph, number: int, owed: Sequence[Collection[int]], signs: int = ANY) -> Jump | None:
    """The jump that gives a return, whose value is of these signs, all that is owed, each a set of nodes of which every way must
    come over one; None where there is no such label, or where the nearest exit that owes the same does without one."""
    node = graph.nodes[number]
    goes_on = node.successors[0][0] if GOTO.fullmatch(node.text) else number
    if goes_on == number and (node.kind != "return" or not _VALUE.fullmatch(node.returned or "0")):
        return None
    if (
        not all(owed)
        or number not in graph.behind((0,))
        or (goes_on != number and [one.text for one in graph.nodes].count(node.text) == 1)
    ):
        return None
    failed = bool(signs & NEGATIVE) and not signs & ZERO
    failed |= goes_on == number and re.fullmatch(_FAILING, node.returned) is not None
    signs = NEGATIVE if failed else signs
    place = _Place(graph, number, goes_on, frozenset().union(*owed))
    ends = [one for one in ends_below(graph, number, signs, place.now) if place.may_go_to(one, failed=failed)]
    right = [one for one in ends if all(always_over(graph, one, nodes) for nodes in owed) and place.owes(one)]
    if not right:
        return None
    best = max(right, key=lambda one: (len(place.more(one)), -one.prints, -graph.nodes[one.start].line))
    if not place.more(best) and not place.is_usual(best, owed[0], failed=failed):
        return None
    return Jump(best.label, place.sets(best))


def also_owed(graph: Graph, number: int, made: Collection[int]) -> str:
    """What other exits give back behind a label as well, besides what some nodes do, and what a return or jump has in hand like
    them and keeps: to make the calls there would be a part of what it owes; "" for nothing."""
    node = graph.nodes[number]
    goes_on = node.successors[0][0] if GOTO.fullmatch(node.text) else number
    if number not in graph.behind((0,)):
        return ""
    place = _Place(graph, number, goes_on, frozenset(made))
    # Who jumps keeps what stands ahead of the place that it jumps to; other labels are for other stages.
    ends = [one for one in every_end_below(graph, number) if goes_on == number or goes_on in one.nodes]
    ends.sort(key=lambda one: -graph.nodes[one.start].line)
    kept = [(end, step) for end in ends for step in sorted(place.more(end)) if place.keeps(step, end)]
    # What every way gives back there names the lack better than what one may.
    kept.sort(key=lambda one: not always_over(graph, one[0], (one[1],)))
    return graph.nodes[kept[0][1]].text.removesuffix(";") if kept else ""


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
        self.now = frozenset({goes_on}) | graph.behind((goes_on,)) if goes_on != number else frozenset[int]()
        self.dominators = Dominators(graph)
        self.between: dict[int, tuple[Node, ...]] = {}
        self.leading: list[set[int]] = [set() for _ in graph.nodes]
        for one, each in enumerate(graph.nodes):
            for after, _ in each.successors:
                self.leading[after].add(one)

    def may_go_to(self, end: End, *, failed: bool) -> bool:
        """Whether what is returned can be handed to a label, and is handed back by it."""
        node = self.graph.nodes[self.number]
        if self.goes_on != self.number and (self.goes_on not in end.nodes or self.goes_on == end.start):
            return False
        # A text that is printed for one failure does not fit another.
        if end.prints and sum(one.text == f"goto {end.label};" for one in self.graph.nodes) < 2:
            return False
        returned = node.returned if self.goes_on == self.number else end.returned
        if not end.variable and returned != end.returned:
            return False
        if self.sets(end) and (not failed or end.variable in _WORD.findall(self.sets(end)[0].partition("=")[2])):
            return False
        return failed or (not self._asks(end) and any(True for _ in self._falling_into(end)))

    def sets(self, end: End) -> tuple[str, ...]:
        """What is assigned ahead of a jump."""
        returned = self.graph.nodes[self.number].returned if self.goes_on == self.number else end.returned
        if not end.variable or returned in (end.returned, end.variable, ""):
            return ()
        value = _as_error(returned) if end.returned.startswith("ERR_PTR") else returned
        return () if self._is_set(end.variable, value) else (f"{end.variable} = {value};",)

    def _is_set(self, variable: str, value: str) -> bool:
        """Whether the variable has got just this value by the last steps ahead, which nobody else leads to."""
        number = self.number
        while len(self.leading[number]) == 1:
            [number] = self.leading[number]
            node = self.graph.nodes[number]
            if node.kind != "statement":
                return False
            if set_here := [one.right for one in node.assignments if one.left in (variable, *_WORD.findall(value))]:
                return set_here == [value]
        return False

    def more(self, end: End) -> frozenset[int]:
        """What is done behind a label besides what is owed and what is done now."""
        return end.steps - self.owed - self.now

    def owes(self, end: End) -> bool:
        """Whether all of that is owed here as well."""
        # A label that nobody goes to any more was meant for the one who forgot it.
        unused = not any(node.text == f"goto {end.label};" for node in self.graph.nodes)
        return all(
            self._has_witness(step, end)
            or self._is_given_nothing(step)
            or (unused and only_gives_back(self.graph.nodes[step]))
            for step in self.more(end)
        )

    def keeps(self, step: int, end: End) -> bool:
        """Whether a step gives back what another jump has in hand, and the return has it too."""
        node = self.graph.nodes[step]
        if node.kind == "condition" or not only_gives_back(node) or not node.calls:
            return False
        things = given_of(node).things
        if any(a.left in things for n in end.nodes for a in self.graph.nodes[n].assignments):
            return False
        leading = (jump for jump in self._jumps(end) if step in self.graph.behind((jump,)))
        return any(not self._touched(given_of(node), jump) for jump in leading)

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

    def _falling_into(self, end: End) -> Iterator[int]:
        """The step above a label, from which the way on which nothing failed comes to it as well."""
        ahead = (number for number in self.leading[end.start] if self.dominators.knows(number))
        yield from (number for number in ahead if not GOTO.fullmatch(self.graph.nodes[number].text))

    def _has_witness(self, step: int, end: End) -> bool:
        """Whether another jump that fails leads to a step, and what that is about is here what it is there; what does not give
        back is done by no failure but those that a test ahead of the return sends there."""
        what, gives = about(self.graph.nodes[step], end.variable), only_gives_back(self.graph.nodes[step])
        leading = (jump for jump in self._jumps(end) if step in self.graph.behind((jump,)))
        variable = end.variable
        sent = (jump for jump in leading if gives or (self._is_sent(jump) and self._says_failure(jump, variable)))
        return any(not self._touched(what, jump) for jump in sent)

    def _is_given_nothing(self, step: int) -> bool:
        """Whether a test right ahead has found that what a step gives back is not there, and it takes that for nothing."""
        calls, number = self.graph.nodes[step].calls, self.number
        while len(self.leading[number]) == 1 and calls:
            [ahead] = self.leading[number]
            node = self.graph.nodes[ahead]
            if node.kind != "statement":
                side = next(label for after, label in node.successors if after == number)
                return all(takes_nothing(call) and (node.text, side) in _none_of(call.arguments[0]) for call in calls)
            number = ahead
        return False

    def _jumps(self, end: End) -> Iterator[int]:
        """The function's other jumps down, and the way that falls into the label; only those that say that they fail, where what
        is done there hangs on it."""
        graph, places = self.graph, dict(self.graph.labels)
        if not self._asks(end):
            yield from self._falling_into(end)
        for number, node in enumerate(graph.nodes):
            to = GOTO.fullmatch(node.text)
            if to and number != self.number and self.dominators.knows(number):
                down = to[1] in places and graph.nodes[places[to[1]]].line > node.line
                if down and (not self._asks(end) or self._says_failure(number, end.variable)):
                    yield number

    def _says_failure(self, jump: int, variable: str) -> bool:
        """Whether right ahead of a jump the variable gets an error, or a test finds one in it."""
        number = jump
        while True:
            if len(self.leading[number]) != 1:
                return False
            [ahead] = self.leading[number]
            node = self.graph.nodes[ahead]
            if node.kind != "statement":
                return failing_side(node, variable) in (
                    label for after, label in node.successors if after == number and label
                )
            number = ahead
            if any(one.left == variable for one in node.assignments):
                return all(re.fullmatch(_FAILING, a.right) for a in node.assignments if a.left == variable)

    def _touched(self, what: About, jump: int) -> bool:
        """Whether what a step is about may be another thing at the jump than at the return."""
        if jump not in self.between:
            self.between[jump] = tuple(self._steps_between(jump))
        return any(what.touched_by(node) for node in self.between[jump]) or self._has_taken(what, jump)

    def _has_taken(self, what: About, jump: int) -> bool:
        """Whether the jump is for the failure of a call that takes what a step is about, and has taken it where it succeeds."""
        if not self._is_sent(jump):
            return False  # the call is one of the steps between
        test = self.dominators.common((self.number, jump))
        return any(what.is_given(call) for node in self._made_for(test) for call in node.calls)

    def _steps_between(self, jump: int) -> Iterator[Node]:
        """The steps on the ways to the return or to the jump, from the last one on that both have in common; a test among
        them with what made the value that it asks for."""
        graph = self.graph
        last = self.dominators.common((self.number, jump))
        ways = graph.behind((last,), {last}) & self._before({self.number, jump}, last)
        yield from (graph.nodes[n] for n in ways - {self.number, jump, last})
        if not self._is_sent(jump):
            yield graph.nodes[last]
            yield from self._made_for(last)

    def _made_for(self, test: int) -> Iterator[Node]:
        """The steps right ahead of a test that made what it asks for."""
        asked = set(_WORD.findall(self.graph.nodes[test].text))
        ahead = (self.graph.nodes[number] for number in self.leading[test])
        yield from (node for node in ahead if any(a.left in asked for a in node.assignments))

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


def _none_of(name: str) -> set[tuple[str, str]]:
    """The tests, with their sides, that find a pointer to be NULL."""
    return {(f"!{name}", "true"), (name, "false"), (f"{name} == NULL", "true"), (f"{name} != NULL", "false")}


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
