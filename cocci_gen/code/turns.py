"""A Graph and a node that must be passed -> Path, a feasible way over that node to another.

What is known before the node stays known behind it, because the search runs through the graph twice: once up to the node,
and from there on in a second copy, in which alone the blocked nodes are blocked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Decision, Facts, NoPath, Path, find_path


@dataclass(frozen=True, slots=True)
class Turn:
    """Over `node` (by the branch `label`, "" for any) to `target`, past none of `blocked` behind the node; right behind it the
    variable `result` ("" for none) is zero, or not (`truth`)."""

    node: int
    label: str
    target: int
    blocked: frozenset[int]
    result: str = ""
    truth: bool = True


def way_over(
    graph: Graph,
    turn: Turn,
    *,
    refused: Callable[[Node, str], bool] = lambda node, label: False,
    known: Facts = (),
    accept: Callable[[Facts], bool] = lambda facts: True,
) -> Path | NoPath:
    """The shortest such way; `refused` names branches that are not taken behind the turn, `known` holds at the entry, `accept`
    asks more of what is known at the target.  A blocked target is never reached."""
    if turn.target in turn.blocked:
        return NoPath(exhausted=True)
    size = len(graph.nodes)
    second = tuple(
        replace(n, successors=tuple((after + size, word) for after, word in n.successors)) for n in graph.nodes
    )
    first = list(graph.nodes)
    over = tuple((n + (size if turn.label in ("", word) else 0), word) for n, word in first[turn.node].successors)
    told: tuple[Node, ...] = ()
    if turn.result:  # a test between the two copies that has one way out
        after = tuple((n, "true" if turn.truth else "false") for n, _ in over)
        told = (Node("condition", first[turn.node].line, turn.result, (), (), after),)
        over = ((2 * size, ""),)
    first[turn.node] = replace(first[turn.node], successors=over)
    behind = {id(node) for node in (*second, first[turn.node])}
    path = find_path(
        replace(graph, nodes=(*first, *second, *told)),
        turn.target + size,
        {node + size for node in turn.blocked},
        known=known,
        refused=lambda node, label: id(node) in behind and refused(node, label),
        accept=accept,
    )
    if isinstance(path, NoPath):
        return path
    decisions = tuple(Decision(d.node % size, d.label) for d in path.decisions if d.node < 2 * size)
    return Path(tuple(node % size for node in path.nodes if node < 2 * size), decisions)
