"""The lines that get a call, and the steps that owe it -> the lines of all that comes there: one call mends every one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.kinds.ends import GOTO


def ways_to(graph: Graph, owing: Collection[int], lines: Collection[int]) -> Iterator[int]:
    """The lines of the jumps down to a call in some lines, and of what falls into a label there, among the steps that owe it; a
    call that stands above the label is come to by another round only, for what that takes."""
    places = {number for number, node in enumerate(graph.nodes) if node.line in lines}
    labels = dict(graph.labels)
    for number in sorted(owing):
        node = graph.nodes[number]
        found = GOTO.fullmatch(node.text)
        label = graph.nodes[labels[found[1]]].line if found and found[1] in labels else 0
        below = {place for place in places if label <= graph.nodes[place].line}
        falls = not found and any(_is_label_of(graph, after, places) for after, _ in node.successors)
        if falls or (label > node.line and not below.isdisjoint(graph.behind((number,)))):
            yield node.line


def _is_label_of(graph: Graph, number: int, places: set[int]) -> bool:
    """Whether a step is a label that gets the call, or behind which it comes straight."""
    return number in dict(graph.labels).values() and not places.isdisjoint(graph.straight(number))
