"""A return, or a jump to one, that lacks calls -> Jump, to the label behind which the function's other exits make them.

Two facts let a return go to a label: behind it the missing calls stand alone, in whatever order; or a test that every way to the
return comes over sends its failures there, and since then nothing of what the label does has been done, and nothing that it
looks at has got another value: what is in hand at that jump is in hand here, and what the label gives back besides is owed too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.code.control_flow import Graph

_WORD = re.compile(r"[A-Za-z_]\w*")
_GOTO = re.compile(r"goto (\w+);")
#: Values that may be kept while something is given back, those that certainly fail first.
_FAILING = r"-E[A-Z0-9]+|PTR_ERR ?\(\w+\)|ERR_PTR ?\([-\w]+\)|ERR_CAST ?\(\w+\)"
_VALUE = re.compile(rf"(?:{_FAILING}|-?\d+|[A-Z]\w+|[a-z_]\w*)")
#: What gives a thing back at the end of a block: no jump may lead over where it is declared.
_SCOPED = re.compile(r"(?:__free_\w+|class_\w+_destructor)\(&(\w+)\)")
_ENTRY = 0


@dataclass(frozen=True, slots=True)
class Jump:
    """A label, and the assignments ahead of the jump to it."""

    label: str
    sets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _End:
    """What stands behind a label: its nodes, and the variable that is returned."""

    label: str
    start: int
    nodes: frozenset[int]
    variable: str


def jump_for(graph: Graph, number: int, owed: Sequence[Collection[int]], *, failed: bool = False) -> Jump | None:
    """The jump that gives a return all that is owed, each a set of nodes of which every way must come over one; None where there
    is no such label, or where the nearest exit that owes the same does without one."""
    node = graph.nodes[number]
    goes_on = node.successors[0][0] if _GOTO.fullmatch(node.text) else number
    if goes_on == number and (node.kind != "return" or not _VALUE.fullmatch(node.returned)):
        return None
    if not all(owed) or (goes_on != number and [one.text for one in graph.nodes].count(node.text) == 1):
        return None
    ends = [one for one in _ends(graph, number) if all(_always(graph, one, nodes) for nodes in owed)]
    for end in sorted(ends, key=lambda one: graph.nodes[one.start].line):
        if goes_on != number and (goes_on not in end.nodes or goes_on == end.start):
            continue
        sets = () if node.returned in ("", end.variable) else (f"{end.variable} = {node.returned};",)
        if end.variable in _WORD.findall(node.returned) and sets:
            continue
        alone = _alone(graph, end, owed, goes_on)
        if (alone and _is_usual(graph, number, end, owed)) or _sent_there(graph, number, end, failed=failed):
            return Jump(end.label, sets)
    return None


def _ends(graph: Graph, number: int) -> Iterator[_End]:
    """The labels below a return behind which one variable is returned that is not set there."""
    line = graph.nodes[number].line
    for label, start in graph.labels:
        first = graph.nodes[start].line
        nodes = frozenset({start}) | graph.behind((start,))
        if first <= line or any(graph.nodes[n].line < first for n in nodes if graph.nodes[n].kind != "exit"):
            continue
        scoped = {name for n in nodes for name in _SCOPED.findall(graph.nodes[n].text)}
        if any(a.declares and a.left in scoped and line < a.line < first for a in graph.assignments()):
            continue
        values = {graph.nodes[n].returned for n in nodes if graph.nodes[n].kind == "return"}
        [variable, *others] = values or {""}
        named = re.fullmatch(r"[a-z_]\w*", variable) and _is_own(graph, variable) and _kept(graph, nodes, variable)
        if not others and (named or variable == graph.nodes[number].returned):
            yield _End(label, start, nodes, variable)


def _kept(graph: Graph, nodes: frozenset[int], variable: str) -> bool:
    """Whether what a variable says of a failure is left alone: set at most where it says that there is none yet."""
    good = {f"!{variable}": "true", variable: "false", f"{variable} == 0": "true"}
    tests = [n for n in nodes if graph.nodes[n].kind == "condition" and graph.nodes[n].text in good]
    none = {a for n in tests for a, label in graph.nodes[n].successors if label == good[graph.nodes[n].text]}
    sets = {n for n in nodes if any(one.left == variable for one in graph.nodes[n].assignments)}
    return sets <= none


def _is_own(graph: Graph, variable: str) -> bool:
    """Whether a variable is the function's to set."""
    return any(one.left == variable for one in graph.assignments())


def _always(graph: Graph, end: _End, over: Collection[int]) -> bool:
    """Whether every way behind a label comes over one of these nodes."""
    if end.start in over:
        return True
    reached = graph.behind((end.start,), over) | {end.start}
    return not any(graph.nodes[n].kind in ("return", "exit") for n in reached)


def _alone(graph: Graph, end: _End, owed: Sequence[Collection[int]], goes_on: int) -> bool:
    """Whether nothing but the owed calls stands behind a label, on one way, down to the return or to where a jump goes now."""
    way = list(graph.straight(end.start))
    steps = [n for n in way if not graph.nodes[n].text.endswith(":") and not _GOTO.fullmatch(graph.nodes[n].text)]
    if not steps or graph.nodes[steps[-1]].kind != "return":
        return False
    if goes_on in way:
        steps = [n for n in steps if n not in way[way.index(goes_on) :]] + steps[-1:]
    if end.variable in {word for n in steps[:-1] for word in _WORD.findall(graph.nodes[n].text)}:
        return False
    return len(steps) == len(owed) + 1 and all(any(n in nodes for nodes in owed) for n in steps[:-1])


def _is_usual(graph: Graph, number: int, end: _End, owed: Sequence[Collection[int]]) -> bool:
    """Whether the exit nearest to a return that makes the calls goes to the label, and does not make them itself."""
    line = graph.nodes[number].line
    jumps = [abs(node.line - line) for node in graph.nodes if node.text == f"goto {end.label};"]
    plain = [
        abs(graph.nodes[n].line - line)
        for n in owed[0]
        if n not in end.nodes and graph.nodes[list(graph.straight(n))[-1]].kind == "return"
    ]
    return bool(jumps) and min(jumps) < min(plain, default=min(jumps) + 1)


def _sent_there(graph: Graph, number: int, end: _End, *, failed: bool) -> bool:
    """Whether a test on every way to a return sends failures to the label, and all that it does can be done here as well."""
    region = [graph.nodes[n] for n in end.nodes]
    asks = any(end.variable in _WORD.findall(node.text) for node in region if node.kind == "condition")
    asks |= any(a.left == end.variable for node in region for a in node.assignments)
    if asks and not failed and not re.fullmatch(_FAILING, graph.nodes[number].returned):
        return False
    does = {(call.callee, call.arguments[:1]) for node in region for call in node.calls}
    looks = {word for node in region if node.kind != "return" for word in _WORD.findall(node.text)} - {end.variable}
    for test in _tests(graph, end.label):
        if number in graph.behind((_ENTRY,), {test}):
            continue
        between = (graph.behind((test,)) & graph.before((number,))) - {test}
        steps = [graph.nodes[n] for n in between]
        done = {(call.callee, call.arguments[:1]) for node in steps for call in node.calls}
        changed = {word for node in steps for a in node.assignments for word in _WORD.findall(a.left)[:1]}
        if test not in between and not done & does and not changed & looks:
            return True
    return False


def _tests(graph: Graph, label: str) -> Iterator[int]:
    """The tests of which one side does nothing but go to a label, with or without a value."""
    for number, node in enumerate(graph.nodes):
        if node.kind == "condition" and any(_goes(graph, after, label) for after, _ in node.successors):
            yield number


def _goes(graph: Graph, start: int, label: str) -> bool:
    for number in graph.straight(start):
        node = graph.nodes[number]
        if found := _GOTO.fullmatch(node.text):
            return found[1] == label
        if any(call.callee not in ("PTR_ERR", "ERR_PTR", "ERR_CAST") for call in node.calls):
            return False
    return False
