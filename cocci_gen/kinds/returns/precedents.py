"""The functions of one method -> one that already does what a fix of another does, so that its message can name it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.code.states.known import Facts
from cocci_gen.kinds.returns.candidates import plain

_WAITS = re.compile(r"_killable$")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A function, the wait after which it does so, and where that stands; all empty where there is none."""

    function: str
    wait: str
    path: str = ""
    line: int = 0


NO_PRECEDENT = Precedent("", "")


def precedent(examples: Iterable[tuple[str, Graph]], value: str) -> Precedent:
    """The first function of those (path and graph) that returns the value when a wait is interrupted, and that wait."""
    for path, graph in examples:
        for line, wait in _waits(plain(graph), value):
            return Precedent(graph.name, wait, path, line)
    return NO_PRECEDENT


def _waits(graph: Graph, value: str) -> Iterator[tuple[int, str]]:
    """The waits behind whose failed branch the value is returned, each with its line."""
    tests = [
        (number, call.callee)
        for number, node in enumerate(graph.nodes)
        if node.kind == "condition"
        for call in node.calls
        if _WAITS.search(call.callee)
    ]
    ends = [number for number, node in enumerate(graph.nodes) if node.kind == "return"]
    for test, wait in tests:
        if any(_comes(graph, test, end, value) for end in ends):
            yield graph.nodes[test].line, wait


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
