"""A call that is given an array, or what it stands in -> whether the callee gives back every element of it.

`drop_all(box)` puts each `box->pages[n]`, and `put_array(bhs, n)` each of the first `n`: what was stored at `n` it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph
from cocci_gen.facts.calls.page_places import own_holders
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.takes.words.things import Thing

#: Calls deep that an array is handed on.
_DEPTH = 2
#: An element: the variable that it is found by, the members that lead from there to the array, and the index.
_ELEMENT = re.compile(r"([A-Za-z_]\w*)((?:(?:->|\.)\w+)*)\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Shelf:
    """An element of an array into which a node puts the thing of a name: what the array is found by, what leads to it from there,
    and the index."""

    name: str
    number: int
    base: str
    reach: str
    index: str

    @property
    def place(self) -> str:
        """The element as it is written."""
        return f"{self.base}{self.reach}[{self.index}]"

    def holds(self, graph: Graph, number: int, call: Call) -> bool:
        """Whether a call at a node that gives back each element may come behind the store, and go as far: not where it is told to
        stop short of an index which some way has not stepped since."""
        if number not in graph.behind((self.number,), _setting(graph, self.name)):
            return False
        stepped = _setting(graph, self.index)
        return self.index not in call.arguments or number not in graph.behind((self.number,), stepped)


def shelves_of(graph: Graph, name: str) -> Iterator[Shelf]:
    """The elements of arrays of others into which a function puts what a name means."""
    own = own_holders(graph)
    for number, one, element in _stores(graph):
        if one.right == name and element[1] not in own:
            yield Shelf(name, number, *element.groups())


def filled_shelves(graph: Graph, array: str) -> Iterator[Shelf]:
    """The elements of an array that a function fills."""
    for number, one, element in _stores(graph):
        if element[1] == array and not element[2]:
            yield Shelf(one.left, number, *element.groups())


def _stores(graph: Graph) -> Iterator[tuple[int, Assignment, re.Match[str]]]:
    """The nodes that set an element of an array, how, and which."""
    for number, node in enumerate(graph.nodes):
        for one in node.assignments:
            element = _ELEMENT.fullmatch(one.left) if one.operator == "=" else None
            if element:
                yield number, one, element


def gives_each(call: Call, path: str, effects: Effects, thing: Thing, shelf: Shelf) -> bool:
    """Whether a callee gives back in a loop what stands in an array, which it is given or finds by what it is given."""
    return call.direct and any(
        _gives_each(one, position, left, effects, thing, _DEPTH)
        for position, left in _given(call, shelf.base, shelf.reach)
        for one in effects.resolve(call.callee, path)
    )


def _setting(graph: Graph, name: str) -> set[int]:
    """The nodes that set a name."""
    return {n for n, node in enumerate(graph.nodes) if any(a.left == name for a in node.assignments)}


def _given(call: Call, base: str, reach: str) -> Iterator[tuple[int, str]]:
    """The arguments of a call that lead to an array, and what leads on from there."""
    for position, text in enumerate(call.arguments):
        if text == f"{base}{reach}":
            yield position, ""
        elif text == base:
            yield position, reach
        elif text == f"&{base}" and reach.startswith("."):
            yield position, f"->{reach[1:]}"


def _gives_each(one: Definition, position: int, reach: str, effects: Effects, thing: Thing, depth: int) -> bool:
    graph = effects.graph(one)
    if graph is None or not depth or position >= len(graph.parameters) or not graph.parameters[position].name:
        return False
    base = graph.parameters[position].name
    start = f"{base}{reach}["
    names = {a.left for a in graph.assignments() if a.right.startswith(start)}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if call.callee in thing.releases and number in graph.behind((number,)):
                if any(text in names or text.startswith(start) for text in call.arguments[:1]):
                    return True
            elif any(
                _gives_each(each, at, left, effects, thing, depth - 1)
                for at, left in _given(call, base, reach)
                for each in effects.resolve(call.callee, one.path)
            ):
                return True
    return False
