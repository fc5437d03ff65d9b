"""A function that calls a method, and what a table promises that method -> Unkept, every way that may break the promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import NoPath, Path, find_path
from cocci_gen.code.searches.ways import EXIT, way_to
from cocci_gen.document.readings import Mode
from cocci_gen.document.vocabulary import Resource, vocabulary
from cocci_gen.facts.calls.steps import Step
from cocci_gen.kinds.duties import Duty
from cocci_gen.kinds.locks.promises import LockUse, concerns, others_taken
from cocci_gen.kinds.locks.unentered import Unentered

_ENDS = re.compile(r"unlock|enable|restore")


@dataclass(frozen=True, slots=True)
class CallerDuty(Duty):
    """A function that calls a method: where, what it does to the promised lock, and (for methods that sleep) what must not be
    held; whether it is one of those that the obligation names, itself or as an implementation of such a method; and, where only
    callers may hold the lock, what shows that they do not, or do not lock the victim of a call."""

    calls: tuple[tuple[int, Call], ...]
    use: LockUse
    guards: tuple[tuple[int, Call], ...]
    named: bool
    unentered: Unentered | None
    victims: tuple[tuple[int, Unentered], ...]


@dataclass(frozen=True, slots=True)
class Unkept:
    """A call of the method, what is wrong there, the way on which it is (or its refutation), and what else shows it."""

    node: int
    call: Call
    why: str
    path: Path | NoPath
    shown: tuple[Step, ...] = ()


def unkept(duty: CallerDuty) -> Iterator[Unkept]:
    """Every way that may break the promise."""
    obligation, graph = duty.obligation, duty.graph
    if obligation.mode is Mode.ONLY and obligation.names and not duty.named:
        why = f"only {', '.join(obligation.names)} may call it"
        yield from (Unkept(node, call, why, find_path(graph, node, ())) for node, call in duty.calls)
    resource = vocabulary().resources.get(obligation.resource)
    if obligation.mode.locked and resource is not None:
        for node, call in duty.calls:
            if node not in duty.use.takes:
                yield from _unlocked(duty, resource, node, call)
    for start, guard in duty.guards:
        blocked = frozenset(
            number
            for number, node in enumerate(graph.nodes)
            for call in node.calls
            if _ENDS.search(call.callee)
            and call.callee.split("_")[0] == guard.callee.split("_")[0]
            and call.arguments[:1] == guard.arguments[:1]
        )
        why = f"{guard.callee}({', '.join(guard.arguments[:1])}) at line {guard.line} forbids to sleep there"
        for node, call in duty.calls:
            if node != start:
                yield Unkept(node, call, why, way_to(graph, node, blocked, over=start))


def _unlocked(duty: CallerDuty, resource: Resource, node: int, call: Call) -> Iterator[Unkept]:
    """The ways on which a call is made without the lock."""
    graph, use = duty.graph, duty.use
    untaken, takes = f"nothing here takes {resource.name}", use.takes | use.perhaps
    if not use.entered:
        yield Unkept(node, call, untaken, find_path(graph, node, use.takes))
    if duty.unentered is not None:
        shown = duty.unentered
        yield Unkept(node, call, f"{untaken}, {shown.why}", find_path(graph, node, takes), (shown.step,))
    for shown in (victim for at, victim in duty.victims if at == node):
        yield Unkept(node, call, f"{untaken} of the victim, {shown.why}", find_path(graph, node, ()), (shown.step,))
    for at, release in use.drops:
        if at != node and concerns(release, call, graph, use, resource):
            why = f"line {release.line} has released {resource.name}"
            yield Unkept(node, call, why, way_to(graph, node, takes, over=at))
    for at, release in () if use.inherited else use.releases:
        if at != node and concerns(release, call, graph, use, resource):
            for why, path in _not_taken(duty, resource, node, (at, release)):
                yield Unkept(node, call, why, path)
    for at in use.sleeps if use.entered else ():
        why = f"{untaken}, with which nobody could sleep at line {graph.nodes[at].line}"
        yield Unkept(node, call, why, way_to(_cut(graph, takes), node, (), over=at))


def _not_taken(
    duty: CallerDuty, resource: Resource, node: int, released: tuple[int, Call]
) -> Iterator[tuple[str, Path | NoPath]]:
    """Why what is released behind the call was not held there: nothing has taken it, or only that of something else."""
    (at, release), use = released, duty.use
    takes = use.takes | use.perhaps
    if use.entered:
        why = f"nothing here takes {resource.name}, which line {release.line} releases"
        yield why, _released_only(duty.graph, node, at, takes)
    others = others_taken(duty.graph, release, resource)
    if others:
        why = f"nothing here takes {resource.name} of {release.arguments[0]}, which line {release.line} releases"
        yield why, _released_only(duty.graph, node, at, takes - others)


def _cut(graph: Graph, ends: frozenset[int]) -> Graph:
    """The graph without what comes behind some nodes."""
    nodes = (replace(one, successors=()) if number in ends else one for number, one in enumerate(graph.nodes))
    return replace(graph, nodes=tuple(nodes))


def _released_only(graph: Graph, node: int, release: int, takes: frozenset[int]) -> Path | NoPath:
    """A way over the call to the release of a lock that no node has taken, nor takes again before the function returns."""
    without = _cut(graph, takes)
    left = way_to(without, EXIT, (), over=release)
    return left if isinstance(left, NoPath) else way_to(without, release, (), over=node)
