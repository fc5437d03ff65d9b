"""A Graph -> Dominators, which step every way to another one comes over."""

from __future__ import annotations

from collections.abc import Iterable

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.orders import reverse_postorder

_ENTRY = 0


class Dominators:
    """The last step that every way from the entry to a step comes over (Cooper, Harvey, Kennedy: A Simple, Fast Dominance
    Algorithm)."""

    def __init__(self, graph: Graph) -> None:
        order = reverse_postorder(graph)
        self._turn = {number: turn for turn, number in enumerate(order)}
        self._last = {_ENTRY: _ENTRY}
        leading: dict[int, list[int]] = {number: [] for number in order}
        for number in order:
            for successor, _ in graph.nodes[number].successors:
                leading[successor].append(number)
        changed = True
        while changed:
            changed = False
            for number in order[1:]:
                last = self.common(one for one in leading[number] if one in self._last)
                changed |= self._last.get(number) != last
                self._last[number] = last

    def common(self, numbers: Iterable[int]) -> int:
        """The last step that every way to any of these, each one that is come to, comes over; it may be one of them."""
        found = -1
        for number in numbers:
            found = number if found < 0 else self._both(found, number)
        return found

    def knows(self, number: int) -> bool:
        """Whether a way from the entry comes to a step."""
        return number in self._turn

    def _both(self, one: int, other: int) -> int:
        while one != other:
            if self._turn[one] > self._turn[other]:
                one = self._last[one]
            else:
                other = self._last[other]
        return one
