"""Where code may be put into a method, or into a callee that it certainly calls, so that it certainly runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.corpus.mutants.mutations import Body, Bound, Statement, reached
from cocci_gen.facts.tree.definitions import Definition

#: Tests by which a function learns how it was called.
_GUARD = re.compile(r"atomic|irqs?_disabled|gfp|GFP|rcu|RCU|NOWAIT|NOBLOCK|NOT_BLOCK|preempt|lock", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of a function in front of which code runs in every call of the method; `calls` is how a callee is called,
    empty for a place in the method itself."""

    target: Definition
    graph: Graph
    statement: Statement
    calls: tuple[Call, ...]

    @property
    def deep(self) -> bool:
        """Whether the place is in a callee."""
        return bool(self.calls)


def places(bound: Bound, *, first: bool) -> Iterator[Place]:
    """The statements of the method's outermost block that every way to a return passes (only the first of them, if `first`),
    those of inner blocks (unless `first`, or a test asks whether it may sleep), and the first one of every callee in the same
    folder that is certainly called."""
    own = list(_statements(bound, bound.definition, bound.graph))
    inner = [] if first or _asks(bound.graph) else list(_nested(bound))
    for statement in own[:1] if first else own + inner:
        yield Place(bound.definition, bound.graph, statement, ())
    for call in certain_calls(bound.graph):
        for callee, graph in near_callees(bound, call):
            for statement in list(_statements(bound, callee, graph))[:1]:
                if not first or not own or call.line <= own[0].line:
                    yield Place(callee, graph, statement, (call,))


def _statements(bound: Bound, definition: Definition, graph: Graph) -> Iterator[Statement]:
    body = Body(definition, bound.facts.index.text(definition.path))
    lines = {graph.nodes[number].line for number in certain(graph)}
    yield from (statement for statement in body.outermost() if statement.line in lines)


def _asks(graph: Graph) -> bool:
    return any(_GUARD.search(node.text) for node in graph.nodes if node.kind in ("condition", "switch"))


def _nested(bound: Bound) -> Iterator[Statement]:
    graph = bound.graph
    lines = {graph.nodes[number].line for number in reached(graph, (0,), frozenset())}
    body = Body(bound.definition, bound.facts.index.text(bound.definition.path))
    yield from (statement for statement in body.nested() if statement.line in lines)


def certain(graph: Graph) -> frozenset[int]:
    """The nodes that every way from the entry to a return passes."""
    returns = {number for number, node in enumerate(graph.nodes) if node.kind == "return"}
    return frozenset(
        number
        for number in range(2, len(graph.nodes))
        if not (returns - {number}) & reached(graph, (0,), frozenset({number}))
    )


def certain_calls(graph: Graph) -> Iterator[Call]:
    """The calls that every way to a return makes."""
    for number in sorted(certain(graph)):
        node = graph.nodes[number]
        if "?" not in node.text:
            yield from (call for call in node.calls if call.direct)


def near_callees(bound: Bound, call: Call) -> Iterator[tuple[Definition, Graph]]:
    """The one definition of a callee, where it stands in the folder of the method and is seen as a whole."""
    found = bound.facts.index.resolve(call.callee, bound.definition.path)
    if len(found) != 1 or found[0] == bound.definition:
        return
    if PurePosixPath(found[0].path).parent != PurePosixPath(bound.definition.path).parent:
        return
    graph = bound.facts.index.graph(found[0])
    if graph is not None and graph.whole:
        yield found[0], graph
