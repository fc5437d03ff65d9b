"""A Graph and a step -> the Graph in which tests below go the one way that they can go for who comes from that step.

Known are tests of the function's own variables that all ways to the step come over by one side, and variables that hold one
constant there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.kinds.ends import FAILING

_NAME = re.compile(r"[A-Za-z_]\w*")
_ENTRY = 0
_CONSTANTS = {"0": "false", "false": "false", "NULL": "false", "1": "true", "true": "true"}


def decided_at(graph: Graph, number: int) -> Graph:
    """The graph with one side of each test below the step that is known there; a test ahead of it keeps both."""
    known = dict(_known(graph, number))
    if not known:
        return graph
    line = graph.nodes[number].line
    labels = {start for _, start in graph.labels if graph.nodes[start].line > line}
    below = {at for at in labels | graph.behind(labels) if graph.nodes[at].line > line}
    nodes = tuple(
        _one_sided(node, known[node.text]) if at in below and node.kind == "condition" and node.text in known else node
        for at, node in enumerate(graph.nodes)
    )
    return replace(graph, nodes=nodes)


def fails_at(graph: Graph, number: int, name: str) -> bool:
    """Whether a variable says at a step that something failed: all that is assigned to it on the ways there is an error, or all
    ways come over the one side of a test of it."""
    setting = [n for n, one in enumerate(graph.nodes) if any(a.left == name for a in one.assignments)]
    reaching = list(_reaching(graph, setting, number))
    values = [a.right for n in reaching for a in graph.nodes[n].assignments if a.left == name]
    if values and all(re.fullmatch(FAILING, value) for value in values):
        return True
    for at, node in enumerate(graph.nodes):
        side = {name: "true", f"!{name}": "false", f"{name} < 0": "true", f"{name} != 0": "true"}.get(node.text)
        if node.kind != "condition" or side is None:
            continue
        if _only_side(graph, number, at, set(reaching) - graph.before((at,))) == side:
            return True
    return False


def _only_side(graph: Graph, number: int, at: int, setting: Collection[int]) -> str:
    """The side of a test by which all ways come to a step, none of some steps having set anew behind it what it asks; "" for
    none."""
    sides = {label for after, label in graph.nodes[at].successors if number in {after} | graph.behind((after,), {at})}
    plain = number not in graph.behind((_ENTRY,), {at}) and graph.behind((at,)).isdisjoint(setting)
    return sides.pop() if len(sides) == 1 and plain else ""


def _one_sided(node: Node, side: str) -> Node:
    return replace(node, successors=tuple(one for one in node.successors if one[1] == side))


def _known(graph: Graph, number: int) -> Iterator[tuple[str, str]]:
    """The tests whose outcome is known at a step, with the side; what is returned may be set ahead of a jump."""
    returned = {word for node in graph.nodes if node.kind == "return" for word in _NAME.findall(node.returned)}
    for at, node in enumerate(graph.nodes):
        name = node.text
        if node.kind != "condition" or not _NAME.fullmatch(name) or name in returned or not _is_own(graph, name):
            continue
        setting = [n for n, one in enumerate(graph.nodes) if any(a.left == name for a in one.assignments)]
        values = {
            _CONSTANTS.get(a.right, "") for n in _reaching(graph, setting, number) for a in graph.nodes[n].assignments
        }
        if values in ({"false"}, {"true"}):
            yield name, values.pop()
            continue
        if side := _only_side(graph, number, at, setting):
            yield name, side


def _is_own(graph: Graph, name: str) -> bool:
    """Whether nobody else can set a variable."""
    handed = any(f"&{name}" in text for call in graph.calls() for text in call.arguments)
    return not handed and any(a.left == name for a in graph.assignments())


def _reaching(graph: Graph, setting: list[int], number: int) -> Iterator[int]:
    """Those of some steps whose value is there at another one."""
    yield from (n for n in setting if number in graph.behind((n,), set(setting) - {n}))
