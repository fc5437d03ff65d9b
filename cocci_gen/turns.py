"""Leaf: a Graph and a node that must be passed -> Path, a feasible way over that node to another.

What is known before the node stays known behind it, because the search runs through the graph twice: once up to the node,
and from there on in a second copy, in which alone the blocked nodes are blocked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cocci_gen.control_flow import Graph, Node
from cocci_gen.paths import Decision, Facts, NoPath, Path, find_path


@dataclass(frozen=True, slots=True)
class Turn:
    """Over `node` (by the branch `label`, "" for any) to `target`, past none of `blocked` behind the node."""

    node: int
    label: str
    target: int
    blocked: frozenset[int]


def way_over(
    graph: Graph,
    turn: Turn,
    *,
    refused: Callable[[Node, str], bool] = lambda node, label: False,
    accept: Callable[[Facts], bool] = lambda facts: True,
) -> Path | NoPath:
    """The shortest such way; `refused` names branches that are not taken behind the turn, `accept` asks more of what is
    known at the target.  A blocked target is never reached."""
    if turn.target in turn.blocked:
        return NoPath(exhausted=True)
    size = len(graph.nodes)
    second = tuple(
        replace(n, successors=tuple((after + size, word) for after, word in n.successors)) for n in graph.nodes
    )
    first = list(graph.nodes)
    first[turn.node] = replace(
        first[turn.node],
        successors=tuple(
            (n + (size if turn.label in ("", word) else 0), word) for n, word in first[turn.node].successors
        ),
    )
    behind = {id(node) for node in (*second, first[turn.node])}
    path = find_path(
        replace(graph, nodes=(*first, *second)),
        turn.target + size,
        {node + size for node in turn.blocked},
        refused=lambda node, label: id(node) in behind and refused(node, label),
        accept=accept,
    )
    if isinstance(path, NoPath):
        return path
    decisions = tuple(Decision(decision.node % size, decision.label) for decision in path.decisions)
    return Path(tuple(node % size for node in path.nodes), decisions)
