"""The steps that a search has yet to go on from -> the next one, in one of two orders."""

from __future__ import annotations

from heapq import heappop, heappush

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.orders import reverse_postorder
from cocci_gen.code.searches.explorations import Step


class InTurn:
    """The steps that wait, a node in front of those that follow it: all ways to a node are there before it is gone over."""

    def __init__(self, graph: Graph) -> None:
        self.turns = {number: turn for turn, number in enumerate(reverse_postorder(graph))}
        self.waiting: list[tuple[int, int, Step]] = []
        self.count = 0

    def __len__(self) -> int:
        return len(self.waiting)

    def append(self, step: Step) -> None:
        """Put a step in."""
        self.count += 1
        heappush(self.waiting, (self.turns.get(step[0], 0), self.count, step))

    def popleft(self) -> Step:
        """Take one of the foremost node out."""
        return heappop(self.waiting)[2]
