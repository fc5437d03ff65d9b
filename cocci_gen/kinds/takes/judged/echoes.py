"""A lock that a function takes by a helper alone, and that nobody gives back -> whether the helper itself has lost it.

Then the fault is told of there, once: each of its callers comes back with the lock as well, and none of them is to be mended.
"""

from __future__ import annotations

from collections.abc import Iterable

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.calls.neighbours import neighbour_meant
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.holdings.states import state_holdings
from cocci_gen.kinds.takes.lockers.closers import nobody_closes
from cocci_gen.kinds.takes.words.sorts import State


def lost_below(takers: Iterable[Call], path: str, state: State, index: KernelIndex) -> bool:
    """Whether all calls by which a function in a file takes the state are of helpers that lose it."""
    every = list(takers)
    return not any(map(state.takes, every)) and all(
        _loses(name, path, state, index) for name in {c.callee for c in every}
    )


def _loses(name: str, path: str, state: State, index: KernelIndex) -> bool:
    """Whether every way of a helper that takes it ends with it, and nobody gives it back."""
    one = neighbour_meant(name, path, index)
    graph = index.graph(one) if one is not None else None
    if one is None or graph is None or not graph.whole:
        return False
    unclosed = nobody_closes(one, state, index, bound=False)
    return any(
        held.is_lost(held.explored()) for held in state_holdings(graph, one.path, state, index, unclosed=unclosed)
    )
