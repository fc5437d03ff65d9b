"""A call -> Loan, where the tree shows that the function takes the thing for who calls it: it returns it, or leaves it where its
argument points, locked at every return that is a success, and at none that is a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Arrival
from cocci_gen.code.searches.machines import ERROR
from cocci_gen.code.states.known import ZERO
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.handovers.contracts import Contract, Says
from cocci_gen.kinds.handovers.over import OVER, explored, over
from cocci_gen.kinds.handovers.takings import Loan, Taker, Thing

#: Functions deep that the thing may come from.
_DEPTH = 3


def _no_loans(_effects: Effects) -> dict[tuple[Definition, Contract], Loan | None]:
    return {}


@dataclass(frozen=True, slots=True)
class Lenders:
    """The functions of a tree that take for their callers what a contract names; `depth` is how far it is followed."""

    contract: Contract
    facts: TreeFacts
    depth: int = _DEPTH

    def of(self, call: Call, path: str) -> Loan | None:
        """What a call in a file hands to who calls it; None where that is nothing, or not the same in all definitions."""
        if not call.direct or not self.depth or self.contract.everywhere or not self.contract.put:
            return None
        found = {self._loan(one) for one in self.facts.index.resolve(call.callee, path)}
        return found.pop() if len(found) == 1 else None

    def _loan(self, definition: Definition) -> Loan | None:
        known = shared(self.facts.effects, _no_loans)
        key = (definition, self.contract)
        if key not in known:
            known[key] = None  # who calls itself takes nothing by that
            known[key] = self._read(definition)
        return known[key]

    def _read(self, definition: Definition) -> Loan | None:
        graph = self.facts.index.graph(definition)
        if graph is None or not graph.whole:
            return None
        kind = re.fullmatch(r"struct (page|folio) \*", graph.returns)
        place = next((n for n, p in enumerate(graph.parameters) if re.fullmatch(self.contract.out, p.type)), -1)
        if not kind and (place < 0 or graph.returns != "int"):
            return None
        out = "" if kind else graph.parameters[place].name
        deeper = Lenders(self.contract, self.facts, self.depth - 1)
        taker = Taker(graph, definition.path, self.contract, out, self.facts, deeper)
        takings = taker.takings()
        lends = [self._lends(taker, Thing(taker, taking)) for taking in takings if out or taking.name.isidentifier()]
        if len(takings) != 1 or lends != [True]:
            return None
        folio = kind[1] == "folio" if kind else "folio" in graph.parameters[place].type
        return Loan(folio, -1 if kind else place)

    def _lends(self, taker: Taker, thing: Thing) -> bool:
        """Whether every success hands the thing over with its lock and its reference, and no failure does."""
        gone, put, _ = thing.nodes()
        handed = False
        for ended in (gone, put):
            found = explored(taker.graph, (), over(thing.taking, frozenset(ended)))
            told = [(_succeeds(taker, thing, one), _owes(thing, one)) for one in found.arrivals]
            if found.merged or any(succeeds is not owes for succeeds, owes in told):
                return False
            handed = any(succeeds for succeeds, _ in told)
        itself = thing.taking.name == f"*{taker.out}"
        return handed and (not taker.out or itself or set(_stored(taker.graph, taker.out)) <= thing.names | {"NULL"})


def _owes(thing: Thing, arrival: Arrival) -> bool:
    """Whether a way comes to its return with the thing in hand."""
    none = any(place == thing.taking.name and signs == ZERO for place, signs, _ in arrival.facts)
    return arrival.state in OVER.open and not none and arrival.result.pointer != ERROR


def _succeeds(taker: Taker, thing: Thing, arrival: Arrival) -> bool:
    """Whether a return tells who called that the thing is there."""
    value, result = taker.graph.nodes[arrival.node].returned, arrival.result
    if taker.out:
        return taker.contract.says(value, arrival.facts) is Says.SUCCESS or result.signs == ZERO
    return value in thing.names and result.pointer != ERROR and result.signs != ZERO


def _stored(graph: Graph, out: str) -> Iterator[str]:
    """What is left where the argument points."""
    return (a.right for a in graph.assignments() if a.left == f"*{out}")
