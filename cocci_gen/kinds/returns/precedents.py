"""The functions of one method -> one that already does what a fix of another does, so that its message can name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Facts, Path, find_path
from cocci_gen.kinds.returns.candidates import plain

_WAITS = re.compile(r"_killable$")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A function and the wait after which it does so; both empty where there is none."""

    function: str
    wait: str


NO_PRECEDENT = Precedent("", "")


def precedent(graphs: Iterable[Graph], value: str) -> Precedent:
    """The function that returns the value when a wait is interrupted, and that wait."""
    found = (Precedent(graph.name, wait) for graph in graphs if (wait := _wait(plain(graph), value)))
    return next(found, NO_PRECEDENT)


def _wait(graph: Graph, value: str) -> str:
    tests = [
        (number, call.callee)
        for number, node in enumerate(graph.nodes)
        if node.kind == "condition"
        for call in node.calls
        if _WAITS.search(call.callee)
    ]
    ends = [number for number, node in enumerate(graph.nodes) if node.kind == "return"]
    return next((wait for test, wait in tests if any(_comes(graph, test, end, value) for end in ends)), "")


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
