"""A label -> End, what is done behind it, by a way that fails where one is asked for, and which variable is returned."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.resources import data_tables

_WORD = re.compile(r"[A-Za-z_]\w*")
GOTO = re.compile(r"goto (\w+);")
#: What gives a thing back at the end of a block: no jump may lead over where it is declared.
_SCOPED = re.compile(r"(?:__free_\w+|class_\w+_destructor)\(&(\w+)\)")
#: What a test asks of a variable -> its side behind which that tells of a failure.
_ASKED = {
    "{}": "true", "{} < 0": "true", "{} != 0": "true", "{} <= 0": "true", "IS_ERR({})": "true", "IS_ERR_VALUE({})": "true",
    "!{}": "false", "{} == 0": "false", "{} >= 0": "false", "{} > 0": "false", "!IS_ERR({})": "false",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class End:
    """What stands behind a label: the steps that do something or decide over those, what they print for the user, and the
    variable that is returned; `asking` are the nodes for which it matters what the variable says."""

    label: str
    start: int
    steps: frozenset[int]
    prints: int
    nodes: frozenset[int]
    variable: str
    asking: frozenset[int]


def ends_below(graph: Graph, number: int, *, failed: bool) -> Iterator[End]:
    """The labels below a step that its failure (or it, whatever it says) may go to: one variable is returned that is not set."""
    line = graph.nodes[number].line
    for label, start in graph.labels:
        first = graph.nodes[start].line
        values = {graph.nodes[n].returned for n in _behind(graph, start, "") if graph.nodes[n].kind == "return"}
        [variable, *others] = values or {""}
        nodes = _behind(graph, start, variable if failed else "")
        if others or first <= line or any(graph.nodes[n].line <= line for n in nodes if graph.nodes[n].kind != "exit"):
            continue
        if not _leads_over_a_scope(graph, nodes, line, first) and _is_kept(graph, nodes, variable, line):
            yield _end(graph, label, start, nodes, variable)


def _end(graph: Graph, label: str, start: int, nodes: frozenset[int], variable: str) -> End:
    doing = {n for n in nodes if does(graph.nodes[n])}
    turns = {n for n in nodes if not _is_asked(graph.nodes[n], variable) and _decides(graph, n, doing)}
    steps = frozenset(doing | turns)
    prints = sum(prints_for_user(call) for n in nodes for call in graph.nodes[n].calls)
    asked = steps | {n for n in nodes if _is_asked(graph.nodes[n], variable)}
    asking = frozenset(n for n in asked if variable in _WORD.findall(graph.nodes[n].text))
    return End(label, start, steps, prints, nodes, variable, asking)


def _decides(graph: Graph, number: int, doing: Collection[int]) -> bool:
    """Whether it hangs on a test which of some steps are come to."""
    sides = {
        frozenset({after} | graph.behind((after,))) & frozenset(doing) for after, _ in graph.nodes[number].successors
    }
    return len(sides) > 1


def _behind(graph: Graph, start: int, variable: str) -> frozenset[int]:
    """The nodes from a label on; with a variable those that are come to where it tells of a failure."""
    seen, todo = {start}, [start]
    while todo:
        node = graph.nodes[todo.pop()]
        side = failing_side(node, variable)
        for after, label in node.successors:
            if (not side or label == side) and after not in seen:
                seen.add(after)
                todo.append(after)
    return frozenset(seen)


def failing_side(node: Node, variable: str) -> str:
    """The side of a test behind which a variable tells of a failure; "" for none."""
    if node.kind != "condition" or not variable:
        return ""
    return next((side for text, side in _ASKED.items() if node.text == text.format(variable)), "")


def _is_asked(node: Node, variable: str) -> bool:
    return failing_side(node, variable) != ""


def _leads_over_a_scope(graph: Graph, nodes: frozenset[int], line: int, first: int) -> bool:
    scoped = {name for n in nodes for name in _SCOPED.findall(graph.nodes[n].text)}
    return any(a.declares and a.left in scoped and line < a.line < first for a in graph.assignments())


def _is_kept(graph: Graph, nodes: frozenset[int], variable: str, line: int) -> bool:
    """Whether the variable that is returned is the function's to set before a line, and not set behind the label."""
    if any(one.left == variable for n in nodes for one in graph.nodes[n].assignments):
        return False
    own = re.fullmatch(r"[a-z_]\w*", variable) and any(one.left == variable for one in graph.assignments())
    return bool(own) or any(node.line == line and node.returned == variable for node in graph.nodes)


def does(node: Node) -> bool:
    """Whether a node does more than to tell of something, to jump or to return."""
    if node.kind in ("return", "exit", "entry"):
        return False
    calls = (call for call in node.calls if not is_quiet(call) and not prints_for_user(call))
    return any(True for _ in calls) or any(not one.declares for one in node.assignments)


def always_over(graph: Graph, end: End, over: Collection[int]) -> bool:
    """Whether every way behind a label comes over one of these nodes."""
    seen, todo = {end.start}, [end.start]
    while todo:
        number = todo.pop()
        if number in over:
            continue
        if graph.nodes[number].kind in ("return", "exit"):
            return False
        for after, _ in graph.nodes[number].successors:
            if after in end.nodes and after not in seen:
                seen.add(after)
                todo.append(after)
    return True


@cache
def _quiet() -> re.Pattern[str]:
    return re.compile("|".join(data_tables("kinds/ends.toml")["quiet"]))


@cache
def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for name in lists for word in data_tables("kinds/ends.toml")[name])


def is_quiet(call: Call) -> bool:
    """Whether a call tells the developer how it goes, and does nothing."""
    return _quiet().fullmatch(call.callee) is not None


def prints_for_user(call: Call) -> bool:
    """Whether a call has a text among what it is given: it tells the user what has happened."""
    return not is_quiet(call) and any('"' in text for text in call.arguments)


def changes(call: Call) -> bool:
    """Whether a call may take or give back what it is given."""
    return not _words("giving", "taking").isdisjoint(call.callee.lower().split("_"))


def nouns_of(call: Call) -> frozenset[str]:
    """The words in the name of a call that say of what it takes or gives back: exfat and bitmap of exfat_free_bitmap()."""
    return frozenset(call.callee.lower().strip("_").split("_")) - _words("giving", "taking")


def only_gives_back(node: Node) -> bool:
    """Whether the names of all calls of a node say that they give back, and what it sets is emptied: or it is but a test."""
    calls = (call for call in node.calls if not is_quiet(call))
    given = all(not _words("giving").isdisjoint(call.callee.lower().split("_")) for call in calls)
    emptied = all(one.right in ("NULL", "0", "false") for one in node.assignments)
    return node.kind == "condition" or (given and emptied)
