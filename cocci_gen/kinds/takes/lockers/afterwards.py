"""A call behind the place where a lock is to be given back -> whether the other functions of the file make it once they have."""

from __future__ import annotations

from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.sorts import State, what_of


@dataclass(frozen=True, slots=True)
class _Afterwards:
    """The answers about the functions of a tree, remembered."""

    index: KernelIndex
    _known: dict[tuple[str, str, str, str], bool] = field(default_factory=dict, compare=False, repr=False)

    def is_so(self, definition: Definition, name: str, state: State, callee: str) -> bool:
        key = definition.path, definition.name, name, callee
        if key not in self._known:
            self._known[key] = self._asked(definition, name, state, callee)
        return self._known[key]

    def _asked(self, definition: Definition, name: str, state: State, callee: str) -> bool:
        others = [one for one in self.index.functions_in(definition.path) if one.name != definition.name]
        words = name.encode(), callee.encode()
        texts = (one for one in others if all(word in self.index.text_of(one) for word in words))
        graphs = (self.index.graph(one) for one in texts)
        made = [_held_at(graph, name, state, callee) for graph in graphs if graph is not None and graph.whole]
        return any(made) and all(found <= {False} for found in made)


def _held_at(graph: Graph, name: str, state: State, callee: str) -> frozenset[bool]:
    """Whether the lock of an expression, where a function takes and gives it back, is held at its calls of another one; nothing
    for what is called where the lock was not taken."""
    taking, giving, calling = (
        [number for number, node in enumerate(graph.nodes) if any(map(asks, node.calls))]
        for asks in (
            lambda call: state.takes(call) and what_of(call) == name,
            lambda call: call.callee in state.release and what_of(call) == name,
            lambda call: call.callee == callee,
        )
    )
    held = graph.behind(taking, giving)
    behind = graph.behind(giving)
    return frozenset(number in held for number in calling if number in held or number in behind)


def made_afterwards(name: str, definition: Definition, state: State, index: KernelIndex, call: Call) -> bool:
    """Whether every other function of the file that makes a call and takes the same lock, one at least, makes it with the lock
    given back."""
    return call.direct and shared(index, _Afterwards).is_so(definition, name, state, call.callee)
