"""A Graph -> ReadGraph, what every search of it asks; made once for the searches that follow one another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.graphs.recent import Recent
from cocci_gen.code.states.deeds import Deed, deeds_of
from cocci_gen.code.states.known import Facts
from cocci_gen.code.states.liveness import Lives, alive_names
from cocci_gen.code.states.sentinels import sentinels

_MEMBER = re.compile(r"(\w+)->")
_MEMBER_OF = re.compile(r"&(\w+)->")


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """What every search of a graph asks: what its nodes do, what is of use in front of each, which assert, the names through
    which each stores, and what a variable does not equal any more once it holds a count."""

    deeds: tuple[Deed, ...]
    lives: list[Lives]
    asserting: frozenset[int]
    stored: list[tuple[str, ...]]
    sentinels: dict[int, Facts]


def _read(graph: Graph) -> ReadGraph:
    asserting = frozenset(
        number
        for number, node in enumerate(graph.nodes)
        if node.kind == "statement" and any(call.callee == "BUG_ON" for call in node.calls)
    )
    shared = dict[frozenset[str], Lives]()
    lives = [shared.setdefault(alive, Lives(alive)) for alive in alive_names(graph)]
    stored = [_stored_through(node) for node in graph.nodes]
    return ReadGraph(deeds_of(graph), lives, asserting, stored, sentinels(graph))


def _stored_through(node: Node) -> tuple[str, ...]:
    """The pointers through which a node stores, and those of which it hands out members, `spin_lock(&box->lock)`."""
    bases = [_MEMBER.match(one.left) for one in node.assignments if not one.declares]
    bases += [_MEMBER_OF.match(text) for call in node.calls for text in call.arguments]
    return tuple(base[1] for base in bases if base)


_READ = Recent(_read)


def read_of(graph: Graph) -> ReadGraph:
    """What the nodes of a graph do, and what is of use in front of each."""
    return _READ.of(graph)
