"""A lock that a helper keeps for its callers, and a result by which it fails -> whether nobody gives the lock back behind that.

Who takes something for his caller may do so on every way; where it is kept on a way that fails, somebody has to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Result
from cocci_gen.facts.calls.neighbours import is_known_here_alone, neighbours_calling
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.lockers.closers import closing, key_of
from cocci_gen.kinds.takes.lockers.lockers import HELD
from cocci_gen.kinds.takes.lockers.onward import all_callers, ways_behind
from cocci_gen.kinds.takes.words.sorts import State, what_of

#: Calls up that are looked at: from further down nobody hands on that he has failed with a lock.
_DEPTH = 3
#: So many in five callers leave it: one that does not gives back what it may not have.
_OF_FIVE = 4


def left_by_all(definition: Definition, state: State, name: str, index: KernelIndex) -> Callable[[Result], bool]:
    """Asks of a result by which a function fails whether those who call it, and who call those, leave the state of an
    expression as it is then; of what not all callers are known, some may not."""

    def asked(result: Result) -> bool:
        graph = index.graph(definition)
        given = {one.name for one in graph.parameters} if graph is not None else set[str]()
        key = "" if name in given else key_of(f"&{name}")
        return _Left(state, key, closing(definition, state, key, index), index).above(definition, result, _DEPTH)

    return cache(asked)


@dataclass(frozen=True, slots=True)
class _Left:
    """What is looked for behind a failure: the state of what ends in a word, which some functions give back by their names."""

    state: State
    key: str
    names: frozenset[str]
    index: KernelIndex

    def above(self, one: Definition, result: Result, depth: int) -> bool:
        """Whether those who call a function, so many calls up, leave it behind a result."""
        callers = all_callers(one, self.index)
        leaving = sum(self._leaves(caller, one.name, result, depth) for caller in callers)
        return 5 * leaving >= _OF_FIVE * len(callers) > 0

    def _leaves(self, caller: Definition, name: str, result: Result, depth: int) -> bool:
        """Whether a caller leaves it behind a call that fails, and so does who may know of that from the caller."""
        graph = self.index.graph(caller)
        seen = ways_behind(graph, name, result) if graph is not None and graph.whole else None
        if graph is None or seen is None or self._gives_back(graph, seen):
            return False
        ends = {one.result for one in seen.arrivals if one.state == HELD}
        if not ends or self._is_called_by_pointer(caller):  # who calls it so knows of no lock
            return True
        return not depth or all(self.above(caller, end, depth - 1) for end in ends)

    def _is_called_by_pointer(self, one: Definition) -> bool:
        """Whether a table leads to a function, or nobody calls it by its name who could."""
        if self.index.entries_naming(one.name):
            return True
        return not any(neighbours_calling(one, self.index)) and is_known_here_alone(one, self.index)

    def _gives_back(self, graph: Graph, seen: Exploration) -> bool:
        """Whether a way with it comes by what may give it back: not by what is taken by the caller itself."""
        own = {what_of(call) for call in graph.calls() if self.state.takes(call)}
        return any(
            HELD in seen.at(number) and any(self._may_release(call, own) for call in node.calls)
            for number, node in enumerate(graph.nodes)
        )

    def _may_release(self, call: Call, own: Iterable[str]) -> bool:
        if call.callee not in self.state.release:
            return not call.direct or call.callee in self.names
        key = key_of(f"&{what_of(call)}")
        return what_of(call) not in own and (not key or not self.key or key == self.key)
