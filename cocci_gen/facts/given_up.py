"""A function whose callees keep its page -> GivenUp, the calls that keep nothing when they fail.

`request = create(page); if (IS_ERR(request))`: what was to hold the page does not exist on that branch, and the page is the
function's own again.  That is so only where a call does nothing but store the page, and its result tells of the failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Decision, NoPath, Path
from cocci_gen.facts.pages import Touch


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Node of a call that stores the page in what it returns -> the test that holds when it has failed, and its outcome."""

    tests: tuple[tuple[int, str, str], ...]

    @property
    def nodes(self) -> frozenset[int]:
        """The nodes of the calls."""
        return frozenset(number for number, _, _ in self.tests)

    def graph(self, graph: Graph) -> Graph:
        """The graph with each such call going on only by its failure."""
        nodes = list(graph.nodes)
        for number, test, outcome in self.tests:
            after = tuple((successor, outcome) for successor, _ in nodes[number].successors)
            nodes.append(Node("condition", nodes[number].line, test, (), (), after))
            nodes[number] = replace(nodes[number], successors=((len(nodes) - 1, ""),))
        return replace(graph, nodes=tuple(nodes))

    def successes(self, graph: Graph) -> frozenset[Decision]:
        """The branches on which such a call has succeeded, and the page is kept."""
        return frozenset(
            Decision(at, "false" if outcome == "true" else "true")
            for _, test, outcome in self.tests
            for at, node in enumerate(graph.nodes)
            if node.kind == "condition" and node.text == test
        )

    @staticmethod
    def told(way: Path | NoPath, graph: Graph) -> Path | NoPath:
        """A way through the graph with failures as one through the function's own."""
        if isinstance(way, NoPath):
            return way
        size = len(graph.nodes)
        decisions = tuple(Decision(one.node, one.label) for one in way.decisions if one.node < size)
        return Path(tuple(number for number in way.nodes if number < size), decisions)


def given_up(graph: Graph, touches: Iterable[Touch]) -> GivenUp:
    """The calls of a function that keep the page in what they return, and nowhere when they fail."""
    texts = {node.text for node in graph.nodes if node.kind == "condition"}
    marks: dict[int, set[str]] = {}
    callees: dict[int, str] = {}
    for touch in touches:
        marks.setdefault(touch.node, set()).update(touch.marks)
        callees[touch.node] = touch.callee
    found = []
    for number, every in marks.items():
        node = graph.nodes[number]
        names = [a.left for a in node.assignments if a.right.startswith(f"{callees[number]}(") and a.operator == "="]
        if every != {"escape"} or node.kind != "statement" or len(names) != 1 or not re.fullmatch(r"\w+", names[0]):
            continue
        if f"IS_ERR({names[0]})" in texts:
            found.append((number, f"IS_ERR({names[0]})", "true"))
    return GivenUp(tuple(found))
