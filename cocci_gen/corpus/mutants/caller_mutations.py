"""A function that calls a method -> Breaks of the kind `callers`, what the table promises kept no more.

A lock that the function itself takes and releases is not taken, or dropped before the call; what forbids to sleep is put in
front of a call that may sleep; a method that only some functions may call is called in another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.corpus.mutants.mutations import Body, Break, Statement, deleted, inserted, reached
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.document.vocabulary import Resource, vocabulary
from cocci_gen.facts.tree.call_sites import members
from cocci_gen.facts.tree.definitions import Definition

#: What begins a stretch in which nobody may sleep, as people write it, by mode of the obligation.
_FORBIDS = {
    "may_sleep": (
        "rcu_read_lock();",
        "spin_lock(&mutation_lock);",
        "spin_lock_irq(&mutation_lock);",
        "spin_lock_irqsave(&mutation_lock, mutation_flags);",
        "raw_spin_lock(&mutation_lock);",
        "read_lock(&mutation_lock);",
        "write_lock_bh(&mutation_lock);",
        "preempt_disable();",
        "local_irq_disable();",
    ),
    "not_in_rcu_walk": ("rcu_read_lock();",),
}
_ENDS = re.compile(r"unlock|enable")


@dataclass(frozen=True, slots=True)
class Calling:
    """A function with the nodes in which it calls a method, and what one cell promises that method; no nodes: it does not
    call it."""

    obligation: Obligation
    definition: Definition
    graph: Graph
    text: bytes
    nodes: tuple[int, ...]


def caller_breaks(one: Calling) -> Iterator[Break]:
    """Every way in which one promise can be broken in one function."""
    if one.obligation.mode.locked:
        yield from _without_lock(one)
    elif one.obligation.mode in _FORBIDS:
        yield from _asleep(one)
    elif one.obligation.mode is Mode.ONLY:
        yield from _called_here(one)


def _asleep(one: Calling) -> Iterator[Break]:
    """What forbids to sleep, in front of a statement from which the call is reached before anything of that sort ends."""
    for statement in _statements(one):
        for code in _FORBIDS[one.obligation.mode]:
            word = code.split("_")[0]
            ends = frozenset(
                number
                for number, node in enumerate(one.graph.nodes)
                if any(_ENDS.search(call.callee) and call.callee.startswith(word) for call in node.calls)
            )
            if set(one.nodes) & _from(one.graph, statement, ends):
                yield inserted(one.definition, statement, code, deep=False)


def _called_here(one: Calling) -> Iterator[Break]:
    """The method called in a function that is none of those that may."""
    obligation = one.obligation
    if not obligation.names or one.definition.name in obligation.names:
        return
    for member in members().get(obligation.struct, ()):
        for statement in _statements(one):
            yield inserted(one.definition, statement, f"mutation->{member}->{obligation.method}(mutation);", deep=False)


def _statements(one: Calling) -> list[Statement]:
    """Where code can be put: the statements of all blocks that a way from the entry reaches."""
    body = Body(one.definition, one.text)
    lines = {one.graph.nodes[number].line for number in reached(one.graph, (0,), frozenset())}
    return [statement for statement in (*body.outermost(), *body.nested()) if statement.line in lines]


def _from(graph: Graph, statement: Statement, blocked: frozenset[int]) -> frozenset[int]:
    """The nodes that are reached from the first ones of a statement, these included."""
    starts = tuple(n for n, node in enumerate(graph.nodes) if node.line == statement.line and n > 1)
    return frozenset(starts) | reached(graph, starts, blocked)


def _without_lock(one: Calling) -> Iterator[Break]:
    resource = vocabulary().resources.get(one.obligation.resource)
    if resource is None:
        return
    graph = one.graph
    takes = _nodes(graph, lambda call: _takes(call, resource))
    releases = _nodes(graph, lambda call: _releases(call, resource))
    body = Body(one.definition, one.text)
    for node, call in takes.items():
        own = {number: other for number, other in releases.items() if other.arguments[:1] == call.arguments[:1]}
        behind = set(one.nodes) & reached(graph, (node,), frozenset(own))
        # Without this one, a way from the entry must come to the call that passes no other one that takes the lock.
        bare = sorted(behind & reached(graph, (0,), frozenset(takes) - {node}))
        dropped = [own[number] for number in sorted(set(own) & reached(graph, tuple(bare), frozenset(takes)))]
        if not bare or not dropped:
            continue
        for statement in body.calls(call.callee, call.line):
            yield deleted(one.definition, one.text, statement, deep=False)
            yield from _both_deleted(one, body, statement, dropped)
        yield from _dropped_before(one, body, graph.nodes[bare[0]].line, dropped[0])


def _both_deleted(one: Calling, body: Body, taken: Statement, releases: list[Call]) -> Iterator[Break]:
    """The lock neither taken nor released."""
    gone = [statement for call in releases for statement in body.calls(call.callee, call.line)]
    if len(gone) != len(releases):
        return
    first = min(statement.start for statement in (taken, *gone))
    last = max(statement.end for statement in (taken, *gone))
    text = one.text
    for statement in (taken, *gone):
        text = deleted(one.definition, text, statement, deep=False).applied(text)
    words = f"`{taken.text}` at line {taken.line} and what releases it are deleted"
    yield Break(one.definition, first, last, text[first:last], words, deep=False)


def _dropped_before(one: Calling, body: Body, line: int, release: Call) -> Iterator[Break]:
    """The lock released in front of the call."""
    code = f"{release.text};"
    for statement in (*body.outermost(), *body.nested()):
        if statement.line == line:
            yield inserted(one.definition, statement, code, deep=False)


def _nodes(graph: Graph, wanted: Callable[[Call], bool]) -> dict[int, Call]:
    return {number: call for number, node in enumerate(graph.nodes) for call in node.calls if wanted(call)}


def _takes(call: Call, resource: Resource) -> bool:
    own, family = resource.calls, resource.family.calls
    return call.callee in own.take + own.take_shared or (
        call.callee in family.take + family.take_shared and _of(call, resource)
    )


def _releases(call: Call, resource: Resource) -> bool:
    own, family = resource.calls, resource.family.calls
    return call.callee in own.release + own.release_shared or (
        call.callee in family.release + family.release_shared and _of(call, resource)
    )


def _of(call: Call, resource: Resource) -> bool:
    """Whether a function for all locks of a sort is given this one."""
    return bool(call.arguments) and any(re.search(rf"\b{member}\b", call.arguments[0]) for member in resource.members)
