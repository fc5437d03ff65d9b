"""Obligation x method -> LockDuty, what the method does with the locks that its caller holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.locks import Behaviour, lock_search
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.kinds.duties import (
    Duty,
    TreeFacts,
    Unexamined,
    bound_graph,
    implementations_of,
    outlived,
    parted,
    registrations,
    unexamined,
)
from cocci_gen.kinds.locks.holdings import Holding, held_lock, holdings_of


@dataclass(frozen=True, slots=True)
class Found:
    """What a method does with the lock of one holding."""

    holding: Holding
    behaviour: Behaviour


@dataclass(frozen=True, slots=True)
class LockDuty(Duty):
    """A method that is called with a lock held, and what it does with that, by holding."""

    held: Held
    found: tuple[Found, ...]


def lock_duties(obligation: Obligation, facts: TreeFacts) -> tuple[tuple[LockDuty, ...], tuple[Unexamined, ...]]:
    """Every method that is called with the lock of the obligation, and what cannot be examined."""
    implementations, lost = implementations_of(obligation, facts.index)
    duties, missing = parted(_duty(obligation, one, facts) for one in implementations)
    return duties, outlived(obligation) + lost + missing


def edited_duty(duty: LockDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> LockDuty:
    """The duty as it stands in an edited file, whose function is `graph`."""
    search = lock_search(facts.index)
    found = tuple(
        replace(one, behaviour=search.behaviour(graph, definition.path, dict(one.holding.given), duty.held))
        for one in duty.found
    )
    return replace(duty, definition=definition, graph=graph, found=found)


def _duty(obligation: Obligation, implementation: Implementation, facts: TreeFacts) -> LockDuty | Unexamined:
    definition = implementation.definition
    held = held_lock(obligation)
    if held is None:
        return unexamined(obligation, definition, f"{obligation.resource} is no lock that the vocabulary knows")
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    holdings = holdings_of(obligation, held, graph)
    if not holdings:
        return unexamined(obligation, definition, f"no parameter leads to the owner of {held.resource.name}")
    search = lock_search(facts.index)
    found = tuple(Found(one, search.behaviour(graph, definition.path, dict(one.given), held)) for one in holdings)
    return LockDuty(obligation, definition, graph, registrations(implementation.entries), (), held, found)
