"""A Graph -> the places that hold a result of which its giver warns, should it ever be a failure.

`WARN_ON(!found); return found;` says that the author holds the failure for impossible.  What comes behind such a test may be
wrong to the letter; but to keep the page dirty for another try would warn again and again.
"""

from __future__ import annotations

import re

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.texts.wrappers import wrappers
from cocci_gen.facts.tree.index import KernelIndex

_CALL = re.compile(r"([A-Za-z_]\w*) ?\(")
_FAILED = re.compile(r"! ?(\w+)|IS_ERR(?:_OR_NULL)? ?\((\w+)\)|(\w+) == NULL")


def impossible_failures(graph: Graph, path: str, index: KernelIndex) -> frozenset[str]:
    """The places of a function in `path` that are given such a result."""
    found = set()
    for assignment in graph.assignments():
        called = _CALL.match(assignment.right)
        if called and any(_warns(index.graph(one)) for one in index.resolve(called[1], path)):
            found.add(assignment.left)
    return frozenset(found)


def _warns(graph: Graph | None) -> bool:
    """Whether a function warns of its own result."""
    if graph is None:
        return False
    returned = {node.returned for node in graph.nodes if node.kind == "return"}
    asked = (
        _FAILED.fullmatch(call.arguments[0])
        for call in graph.calls()
        if call.callee in wrappers().warns and call.arguments
    )
    return any(one is not None and {*one.groups()} & returned for one in asked)
