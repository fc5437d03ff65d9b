"""A Graph -> the names that are still read from each node on: what is known of others is of no use there."""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Graph

_WORDS = re.compile(r"[A-Za-z_]\w*(?!\w* ?\()")
_NAME = re.compile(r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*")


class Lives(dict[str, bool]):
    """Whether what is known of a place is of use where some names are still read."""

    def __init__(self, alive: frozenset[str]) -> None:
        super().__init__()
        self.alive = alive

    def __missing__(self, key: str) -> bool:
        self[key] = found = not self.alive.isdisjoint(_names(key))
        return found


@lru_cache(maxsize=1 << 14)
def _names(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text))


def alive_names(graph: Graph) -> list[frozenset[str]]:
    """Per node the names that some way from it still reads."""
    reads: list[frozenset[str]] = []
    writes: list[frozenset[str]] = []
    for node in graph.nodes:
        used = set(_names(node.text)) if node.kind in ("condition", "switch", "return") else set()
        for assignment in node.assignments:
            used |= _names(assignment.right)
            if not _NAME.fullmatch(assignment.left) or "->" in assignment.left or "." in assignment.left:
                used |= _names(assignment.left)
        for call in node.calls:
            used = used.union(*map(_names, call.arguments))
        reads.append(frozenset(used))
        writes.append(frozenset(a.left for a in node.assignments if a.operator == "=" and a.left.isidentifier()))
    alive = [frozenset[str]() for _ in graph.nodes]
    before: list[list[int]] = [[] for _ in graph.nodes]
    for number, node in enumerate(graph.nodes):
        for successor, _ in node.successors:
            before[successor].append(number)
    todo = deque(range(len(graph.nodes) - 1, -1, -1))
    waiting = set(todo)
    while todo:
        number = todo.popleft()
        waiting.discard(number)
        out = frozenset().union(*(alive[successor] for successor, _ in graph.nodes[number].successors))
        now = reads[number] | (out - writes[number])
        if now != alive[number]:
            alive[number] = now
            for other in before[number]:
                if other not in waiting:
                    waiting.add(other)
                    todo.append(other)
    return alive
