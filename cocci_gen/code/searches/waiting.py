"""The stops that a search has yet to go on from -> the next one, in one of two orders."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.orders import reverse_postorder
from cocci_gen.code.searches.explorations import Stop


class AsTheyCome:
    """The stops that wait, the first one first: the ways that are found are the shortest."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Stop, int]] = deque()

    def __len__(self) -> int:
        return len(self.waiting)

    def add(self, stop: Stop, told: int) -> None:
        """Put a stop in, with the number of what is known there."""
        self.waiting.append((stop, told))

    def next(self) -> tuple[Stop, int]:
        """Take the first one out."""
        return self.waiting.popleft()


class InTurn:
    """The stops that wait, a node in front of those that follow it: all ways to a node are there before it is gone over."""

    def __init__(self, graph: Graph) -> None:
        self.turns = {number: turn for turn, number in enumerate(reverse_postorder(graph))}
        self.waiting: list[tuple[int, int, Stop, int]] = []
        self.count = 0

    def __len__(self) -> int:
        return len(self.waiting)

    def add(self, stop: Stop, told: int) -> None:
        """Put a stop in, with the number of what is known there."""
        self.count += 1
        heappush(self.waiting, (self.turns.get(stop.node, 0), self.count, stop, told))

    def next(self) -> tuple[Stop, int]:
        """Take one of the foremost node out."""
        _, _, stop, told = heappop(self.waiting)
        return stop, told
