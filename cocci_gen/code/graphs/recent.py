"""What was made of the graphs that were asked about last, made once for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from cocci_gen.code.graphs.control_flow import Graph

T = TypeVar("T")
#: The rules ask about one function after another, and about each several times.
_KEPT = 64


class Recent(Generic[T]):
    """Graphs are told apart by being one object: to compare what they say takes longer than most of what is made of them."""

    def __init__(self, make: Callable[[Graph], T]) -> None:
        """`make` is asked once for each graph, until many others were asked about."""
        self._make = make
        self._known: dict[int, tuple[Graph, T]] = {}

    def of(self, graph: Graph) -> T:
        """What is made of a graph; it is held, so that no other gets its number."""
        found = self._known.get(id(graph))
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[id(graph)] = graph, self._make(graph)
        return found[1]
