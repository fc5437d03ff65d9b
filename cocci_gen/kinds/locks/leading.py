"""A function -> those who call it, as far as its folder and the tables show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.duties import TreeFacts

_ROOT = re.compile(r"[A-Za-z_]\w*\b(?! ?\()")


@dataclass(frozen=True, slots=True)
class Leading:
    """A function that calls another one, and where it does."""

    definition: Definition
    graph: Graph
    calls: tuple[tuple[int, Call], ...]


def leading_to(callee: Definition, facts: TreeFacts) -> Iterator[Leading]:
    """Those who call a function by its name: in its file when only that sees it, else in its folder."""
    index = facts.index
    index.reads_beside(callee, callee.name)  # a new caller may decide
    for other in neighbours_calling(callee, index):
        graph = index.graph(other)
        calls = _calls_of(graph, callee.name) if graph is not None else ()
        if graph is not None and calls:
            index.reads_beside(callee, other.name)
            yield Leading(other, graph, calls)


def root_of(expression: str) -> str:
    """The variable that an expression begins with: `old_path.dentry` -> `old_path`; "" where it begins with anything else."""
    match = _ROOT.match(expression)
    return match[0] if match else ""


def _calls_of(graph: Graph, name: str) -> tuple[tuple[int, Call], ...]:
    return tuple((at, call) for at, node in enumerate(graph.nodes) for call in node.calls if call.callee == name)
