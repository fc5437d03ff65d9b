"""A node of a function -> the lock that the function holds there, told by who gives it back behind it.

A helper may take it in many ways, `if (bed_enter(bed)) return ...`, or hand it out with what it locks: what is given back behind
a place, and was not taken since, was held there.
"""

from __future__ import annotations

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.document.vocabulary import lock_takers, vocabulary
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.index import KernelIndex


def held_over(graph: Graph, number: int, path: str, index: KernelIndex) -> str:
    """What some way behind a node gives back, `&bed->mutex` or the argument of a helper, and nothing takes in between, where
    nobody else may have that at the same time; "" for none."""
    todo, seen = [after for after, _ in graph.nodes[number].successors], {number}
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        calls = graph.nodes[at].calls
        if any(_takes(call, path, index) for call in calls):
            continue
        for call in calls:
            if call.arguments and _gives_back(call, path, index):
                return call.arguments[0]
        todo += [after for after, _ in graph.nodes[at].successors]
    return ""


def _exclusive() -> frozenset[str]:
    """The functions that give back a lock which nobody else had."""
    return frozenset(name for one in vocabulary().resources.values() for name in one.family.calls.release)


def _takes(call: Call, path: str, index: KernelIndex) -> bool:
    """Whether a call takes a lock, itself or in a helper of its folder that gives none back."""
    return _does(call, path, index, lock_takers(), _exclusive())


def _gives_back(call: Call, path: str, index: KernelIndex) -> bool:
    """Whether a call gives a lock back, itself or in a helper of its folder that takes none."""
    return _does(call, path, index, _exclusive(), lock_takers())


def _does(call: Call, path: str, index: KernelIndex, these: frozenset[str], others: frozenset[str]) -> bool:
    if call.callee in these or not call.direct:
        return call.callee in these
    near = (one for one in index.resolve(call.callee, path) if one.folder == folder_of(path))
    graphs = (graph for one in near if (graph := index.graph(one)) is not None)
    called = [{one.callee for one in graph.calls()} for graph in graphs]
    return any(names & these and not names & others for names in called)
