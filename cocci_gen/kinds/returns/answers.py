"""A Graph -> the same with the error numbers that its callees return in the place of their calls.

`err = fill(folio); if (err) return err;` hands on what fill() returns.  Where the caller of the method wants codes of its own, an
error number is none, whichever it is: one of those that the callee returns stands for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Assignment, Graph, Node
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.returns.candidates import assigned_constants, bare_value, uncast

_ERROR = re.compile(r"-E[A-Z0-9]+")
#: Callees deep that an error number is followed.
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """A graph with error numbers in the place of calls, and where each variable has its own from."""

    graph: Graph
    given: tuple[tuple[str, Step], ...]


def answered(graph: Graph, path: str, index: KernelIndex) -> Answered:
    """The graph of a function in a file, read like that."""
    tests = " ".join(node.text for node in graph.nodes if node.kind in ("condition", "switch"))
    returned = {bare_value(node) for node in graph.nodes if node.kind == "return"}
    given: list[tuple[str, Step]] = []

    def read(node: Node) -> Node:
        made = []
        for one in node.assignments:
            errors = _errors(one, node, path, index, _DEPTH) if one.left in returned else iter(())
            asked = next((found for found in errors if not re.search(rf"{found[0]}\b", tests)), None)
            if asked is not None:
                given.append((one.left, asked[1]))
            made.append(one if asked is None else replace(one, right=asked[0]))
        return replace(node, assignments=tuple(made))

    nodes = tuple(read(node) if node.assignments and node.calls else node for node in graph.nodes)
    return Answered(replace(graph, nodes=nodes), tuple(given)) if given else Answered(graph, ())


def _errors(one: Assignment, node: Node, path: str, index: KernelIndex, depth: int) -> Iterator[tuple[str, Step]]:
    """The error numbers that the call returns from which a variable has its value, each with the return."""
    right = uncast(one.right)
    for call in node.calls:
        if one.operator == "=" and call.direct and re.fullmatch(rf"{re.escape(call.callee)} ?\(.*\)", right):
            for definition in index.resolve(call.callee, path):
                graph = index.graph(definition)
                if graph is not None and graph.returns == "int":
                    yield from _returned(graph, definition.path, index, depth - 1)


def _returned(graph: Graph, path: str, index: KernelIndex, depth: int) -> Iterator[tuple[str, Step]]:
    constants = assigned_constants(graph)
    for node in graph.nodes:
        value = bare_value(node) if node.kind == "return" else ""
        for error in (value, *constants.get(value, ())):
            if _ERROR.fullmatch(error):
                yield error, Step(path, node.line, f"{graph.name}() returns {error}")
        if depth and value:
            for other in graph.nodes:
                for one in other.assignments if other.calls else ():
                    if one.left == value:
                        yield from _errors(one, other, path, index, depth)
