"""A structure of a function's own that a call begins and another ends -> the tests that may ask for it, and its copies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.machines import Event
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.kinds.takes.words.things import Thing


def asked_of(graph: Graph, name: str, thing: Thing) -> dict[tuple[int, str], str]:
    """The branches past what ends a structure, of tests that look into it and decide nothing but that: they may ask whether there
    is anything to be ended."""
    word = re.compile(rf"\b{re.escape(name.lstrip('*'))}\b")
    ends = {n for n, node in enumerate(graph.nodes) for call in node.calls if call.callee in thing.releases}
    found: dict[tuple[int, str], str] = {}
    for number, node in enumerate(graph.nodes):
        if node.kind == "condition" and word.search(node.text):
            behind = {later for after, _ in node.successors if after in ends for later in graph.straight(after)}
            found |= {(number, label): "unknown" for after, label in node.successors if after in behind - ends}
    return found


def copied(known: Summaries, number: int, node: Node, name: str) -> Iterator[Event]:
    """The steps that copy a structure of the function's own, or copy another to it: by which one it is ended nobody knows."""
    if any(name in (a.left, a.right) for a in node.assignments) or any(name in call.arguments for call in node.calls):
        yield known.step(number, None, ("unknown",), f"{name} is copied")
