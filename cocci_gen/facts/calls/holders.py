"""A Graph and the names that a page may have in it -> Holders, which of them hold it in front of each node.

`folio = target;` in one branch and `folio = next_of(mapping);` in the other: behind the second nothing that is done to `folio`
is done to the page.  A name that holds it on some of the ways to a node only holds it perhaps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Assignment, Graph, Node
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import behind_address, is_alias, own_holders, perhaps_other, stored

_HOLDS, _OTHER = 1, 2
_NOTHING = ("NULL", "0")
#: Steps of one function; what takes more is taken as if every name held the page everywhere.
_STEPS = 20_000

#: Name -> whether it holds the page, something else, or (both) either.
Held = dict[str, int]


@dataclass(frozen=True, slots=True)
class Holders:
    """Per node the names that hold the page in front of it, those that do so perhaps, and the assignments of the node that take
    its last name away."""

    sure: tuple[frozenset[str], ...]
    perhaps: tuple[frozenset[str], ...]
    lost: tuple[tuple[Assignment, ...], ...]


def holders(graph: Graph, names: Collection[str], root: str = "") -> Holders:
    """What holds the page where; `root` is the name that it comes by ("" for those that get it from no other name)."""
    flow = _Flow(graph, names, root)
    before = flow.run()
    sure, perhaps, lost = [], [], []
    choices = perhaps_other(graph, names)
    for number, node in enumerate(graph.nodes):
        held = before[number]
        may = {name for name, bits in held.items() if bits & _HOLDS}
        doubtful = {name for name in may if held[name] & _OTHER} | (may & choices)
        sure.append(frozenset(may - doubtful))
        perhaps.append(frozenset(doubtful))
        lost.append(flow.behind(held, node)[1])
    return Holders(tuple(sure), tuple(perhaps), tuple(lost))


class _Flow:
    """What is held in front of each node, to the fixed point."""

    def __init__(self, graph: Graph, names: Collection[str], root: str) -> None:
        self.graph = graph
        self.names = names
        self.own = own_holders(graph)
        self.words = call_vocabulary()
        self.roots = frozenset({root}) if root else self._roots()
        self.given = self.roots & {p.name for p in graph.parameters}
        self.taken = self.roots - self.given

    def _roots(self) -> frozenset[str]:
        """The names that no other name gives the page to."""
        given = {
            place
            for one in self.graph.assignments()
            if one.operator == "="
            for place, value in stored(one, self.own)
            if place in self.names and is_alias(value, set(self.names) - {place}, self.words)
        }
        return frozenset(self.names) - given or frozenset(self.names)

    def run(self) -> list[Held]:
        first = {name: _HOLDS if name in self.roots else _OTHER for name in self.names}
        found: dict[int, Held] = {0: first}
        todo = deque([0])
        for _ in range(_STEPS):
            if not todo:
                return [found.get(number, first) for number in range(len(self.graph.nodes))]
            number = todo.popleft()
            held, _ = self.behind(found[number], self.graph.nodes[number])
            for successor, _ in self.graph.nodes[number].successors:
                known = found.get(successor)
                merged = held if known is None else {name: known[name] | held[name] for name in held}
                if merged != known:
                    found[successor] = merged
                    todo.append(successor)
        return [dict.fromkeys(self.names, _HOLDS) for _ in self.graph.nodes]

    def behind(self, held: Held, node: Node) -> tuple[Held, tuple[Assignment, ...]]:
        """What is held behind the assignments of a node, and those of them that take the last name away."""
        lost = []
        for name in self.given & {text[1:] for call in node.calls for text in call.arguments if text[:1] == "&"}:
            held = {**held, name: held[name] | _OTHER}  # who is given its address may put another one there
        for one in node.assignments:
            if one.operator != "=":
                continue
            for place, value in stored(one, self.own):
                held = {**held, **{name: held[of] for name, of in behind_address(place, value, held) if name in held}}
                by = [bits for name, bits in held.items() if is_alias(value, (name,), self.words)]
                if place not in held:
                    continue
                if by:
                    held = {**held, place: max(by, key=lambda bits: (bits == _HOLDS, bits))}
                elif place not in self.taken and any(bits & _HOLDS for name, bits in held.items() if name != place):
                    held = {**held, place: _OTHER}
                elif held[place] & _HOLDS and value not in _NOTHING:
                    lost.append(one)
        return held, tuple(lost)
