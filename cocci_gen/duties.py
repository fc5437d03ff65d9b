"""Leaf between stages 3 and 6: Obligation x KernelIndex -> Duty, one function that one obligation binds.

A duty begins at the functions that operations tables name and moves on to delegates: functions that an implementation hands
its page to for good.  What cannot be examined is Unexamined, with the reason, never left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from cocci_gen.control_flow import Graph
from cocci_gen.effects import Effects, Touch, aliases
from cocci_gen.findings import Registration, Step
from cocci_gen.index import Definition, Implementation, KernelIndex, TableEntry
from cocci_gen.kernel_tree import KernelTree
from cocci_gen.obligations import Obligation

#: Hand-overs that are followed; the deepest chain of ->writepage in 6.1 is three (mpage, iomap, nfs).
DELEGATIONS = 4


@dataclass(frozen=True, slots=True)
class Duty:
    """One function and the obligation that binds it; `chain` tells how the obligation came here.

    A family of kinds adds what it knows about the function in a dataclass of its own.
    """

    obligation: Obligation
    definition: Definition
    graph: Graph
    registrations: tuple[Registration, ...]
    chain: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PageDuty(Duty):
    """A duty about a page or folio: the parameter (or local name) that holds it, and what the nodes do to it."""

    resource_name: str
    resource_type: str
    aliases: frozenset[str]
    touches: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What the rules may ask about the tree."""

    tree: KernelTree
    index: KernelIndex
    effects: Effects


@dataclass(frozen=True, slots=True)
class Unexamined:
    """A function (or table entry) that an obligation binds and that was not examined, and why."""

    obligation: str
    path: str
    function: str
    line: int
    reason: str


#: Tells of a touch that is a call whether the callee takes the obligation over.
Delegation = Callable[[PageDuty, Touch], bool]


def registration(entry: TableEntry) -> Registration:
    """A table entry as evidence."""
    return Registration(entry.struct or "(assigned)", entry.variable, entry.path, entry.line)


def resource_parameter(graph: Graph, words: Iterable[str]) -> int | None:
    """The position of the first parameter of type `struct WORD *`, for instance page or folio; None where there is none."""
    types = {f"struct {word} *" for word in words}
    for position, parameter in enumerate(graph.parameters):
        if parameter.type.removeprefix("const ") in types and parameter.name:
            return position
    return None


def bound_duties(
    obligation: Obligation, index: KernelIndex, effects: Effects, delegates: Delegation
) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
    """Every function that the obligation binds through a page or folio parameter, delegates included."""
    implementations, lost = index.implementations(obligation.struct, obligation.method)
    missing = [
        Unexamined(obligation.id, found.entry.path, found.entry.function, found.entry.line, "no definition of the function in this tree")
        for found in lost
    ]
    duties: dict[tuple[Definition, int], PageDuty] = {}
    todo: list[tuple[Definition, int | None, tuple[Registration, ...], tuple[Step, ...]]] = [
        (found.definition, None, _registrations(found), ()) for found in implementations
    ]
    while todo:
        definition, position, registrations, chain = todo.pop(0)
        duty = _duty(obligation, index, effects, definition, position, registrations, chain)
        if isinstance(duty, Unexamined):
            missing.append(duty)
            continue
        at = next((p for p, parameter in enumerate(duty.graph.parameters) if parameter.name == duty.resource_name), -1)
        key = (definition, at)
        if key in duties:
            known = duties[key]
            duties[key] = replace(known, registrations=tuple(dict.fromkeys(known.registrations + registrations)))
            continue
        duties[key] = duty
        if len(chain) < DELEGATIONS:
            todo += _handed_on(duty, index, delegates)
    return tuple(duties.values()), tuple(missing)


def _registrations(found: Implementation) -> tuple[Registration, ...]:
    return tuple(registration(entry) for entry in found.entries)


def _duty(
    obligation: Obligation,
    index: KernelIndex,
    effects: Effects,
    definition: Definition,
    position: int | None,
    registrations: tuple[Registration, ...],
    chain: tuple[Step, ...],
) -> PageDuty | Unexamined:
    def unexamined(reason: str) -> Unexamined:
        return Unexamined(obligation.id, definition.path, definition.name, definition.span.line, reason)

    graph = index.graph(definition)
    if graph is None:
        return unexamined("tree-sitter sees no function there")
    if position is None:
        position = resource_parameter(graph, ("page", "folio"))
    if position is None or position >= len(graph.parameters) or not graph.parameters[position].name:
        return unexamined("has no page or folio parameter")
    parameter = graph.parameters[position]
    names = aliases(graph, parameter.name)
    touches = effects.touches(graph, definition.path, names)
    return PageDuty(obligation, definition, graph, registrations, chain, parameter.name, parameter.type, names, touches)


def _handed_on(
    duty: PageDuty, index: KernelIndex, delegates: Delegation
) -> list[tuple[Definition, int | None, tuple[Registration, ...], tuple[Step, ...]]]:
    found: list[tuple[Definition, int | None, tuple[Registration, ...], tuple[Step, ...]]] = []
    for touch in duty.touches:
        if not touch.callee or not delegates(duty, touch):
            continue
        call = next(call for call in duty.graph.nodes[touch.node].calls if call.callee == touch.callee)
        positions = [place for place, text in enumerate(call.arguments) if set(duty.aliases) & set(_words(text))]
        step = Step(duty.definition.path, touch.line, f"{duty.graph.name}() hands the obligation on to {touch.callee}()")
        for definition in index.resolve(touch.callee, duty.definition.path):
            found.append((definition, positions[0] if positions else None, duty.registrations, (*duty.chain, step)))
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]\w*", text)
