"""A call that is given a name which holds one thing after the other -> whether it means the one that was taken last.

`put(prev); prev = mm;` in a loop that takes `mm` gives back the one of the round before; behind the loop `put(prev);` means it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import Enum

from cocci_gen.code.graphs.control_flow import Call, Graph


class Meant(Enum):
    """Which thing a call is given by a name."""

    THIS = "this"
    ANOTHER = "another"
    UNKNOWN = "unknown"


def meant_by(
    graph: Graph,
    number: int,
    alias: str,
    names: Collection[str],
    takers: Collection[tuple[int, Call]],
    without: Collection[tuple[int, str]],
) -> Meant:
    """What `alias`, one of the `names` of a thing, means at a node; `takers` take the thing, and it is not there on the branches
    `without`."""
    takes = {at for at, _ in takers}
    sets = {at: a.right for at, node in enumerate(graph.nodes) for a in node.assignments if a.left == alias}
    copies = {at for at, right in sets.items() if right in names and at not in takes}
    if not copies or takes & sets.keys():
        return Meant.UNKNOWN
    barred = {*without, *_failing(graph, takers)}
    ahead = number in _reached(graph, takes, copies | takes, barred)
    behind = number in _reached(graph, copies, takes | sets.keys(), barred)
    if ahead == behind:
        return Meant.UNKNOWN
    return Meant.THIS if behind else Meant.ANOTHER


def _failing(graph: Graph, takers: Iterable[tuple[int, Call]]) -> Iterator[tuple[int, str]]:
    """The branches of tests that take by a call, `if (!try_get(x))`, on which it has not."""
    for number, call in takers:
        node = graph.nodes[number]
        if node.kind == "condition" and node.text in (call.text, f"!{call.text}"):
            yield number, "true" if node.text.startswith("!") else "false"


def _reached(
    graph: Graph, starts: Iterable[int], blocked: Collection[int], barred: Collection[tuple[int, str]]
) -> frozenset[int]:
    """The nodes behind some, past none of the blocked ones, and by none of the barred branches."""
    seen, todo = set[int](), list(starts)
    while todo:
        at = todo.pop()
        for after, label in graph.nodes[at].successors:
            if (at, label) not in barred and after not in seen:
                seen.add(after)
                if after not in blocked:
                    todo.append(after)
    return frozenset(seen)
