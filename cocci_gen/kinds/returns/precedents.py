"""The functions of one method -> one that already does what a fix of another does, so that its message can name it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Facts, Path, find_path
from cocci_gen.kinds.returns.candidates import plain

_WAITS = re.compile(r"_killable$")


def precedent(graphs: Iterable[Graph], value: str) -> str:
    """The name of a function that returns the value when a wait is interrupted; "" where none does."""
    return next((graph.name for graph in graphs if _gives_after_wait(plain(graph), value)), "")


def _gives_after_wait(graph: Graph, value: str) -> bool:
    tests = [
        number
        for number, node in enumerate(graph.nodes)
        if node.kind == "condition" and any(_WAITS.search(call.callee) for call in node.calls)
    ]
    ends = [number for number, node in enumerate(graph.nodes) if node.kind == "return"]
    return any(_comes(graph, test, end, value) for test in tests for end in ends)


def _comes(graph: Graph, test: int, end: int, value: str) -> bool:
    """Whether a way over the branch of a failed wait comes to a return of the value."""
    returned, asked = graph.nodes[end].returned, graph.nodes[test]

    def refused(node: Node, label: str) -> bool:
        return node == asked and label == "false"

    def accept(facts: Facts) -> bool:
        return returned == value or any(place == returned and held == value for place, _, held in facts)

    found = find_path(graph, end, (), accept=accept, refused=refused)
    return isinstance(found, Path) and test in found.nodes and found.nodes.index(test) == _last_test(graph, found)


def _last_test(graph: Graph, path: Path) -> int:
    """Where the last branch of a path stands in it."""
    return max((n for n, number in enumerate(path.nodes) if graph.nodes[number].kind == "condition"), default=-1)
