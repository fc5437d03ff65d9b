"""A function -> whether it only looks at what it is given: it stores into plain variables alone, and calls what does the same.

What looks at a page to tell something of it, the group that it belongs to, has not written it anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared

#: So many calls deep; what lies deeper may do anything.
_DEEPEST = 5
_WORD = re.compile(r"\w+")
#: What stores without an assignment.
_COPIES = re.compile(r"_*(?:mem|str|copy)")


@dataclass(frozen=True, slots=True)
class Looks:
    """The functions of a tree that only look; every answer is remembered."""

    index: KernelIndex
    _known: dict[tuple[Definition, int], bool] = field(default_factory=dict, compare=False, repr=False)

    def only(self, callee: str, path: str) -> bool:
        """Whether all that a name means in a file only look, and there is at least one."""
        return self._all(callee, path, _DEEPEST)

    def among(self, graph: Graph, path: str) -> frozenset[str]:
        """Those that a function in a file calls."""
        return frozenset(call.callee for call in graph.calls() if call.direct and self.only(call.callee, path))

    def _all(self, callee: str, path: str, left: int) -> bool:
        found = self.index.resolve(callee, path)
        return bool(found) and left > 0 and all(self._looks(one, left) for one in found)

    def _looks(self, definition: Definition, left: int) -> bool:
        key = definition, left
        if key not in self._known:
            self._known[key] = False  # what calls itself may do anything
            graph = self.index.graph(definition)
            self._known[key] = graph is not None and graph.whole and self._touches_nothing(graph, definition.path, left)
        return self._known[key]

    def _touches_nothing(self, graph: Graph, path: str, left: int) -> bool:
        words = call_vocabulary()
        return all(_WORD.fullmatch(one.left) for one in graph.assignments()) and all(
            call.direct
            and not _COPIES.match(call.callee)
            and (words.is_neutral(call.callee) or self._all(call.callee, path, left - 1))
            for call in graph.calls()
        )


def looks(index: KernelIndex) -> Looks:
    """Those of a tree, shared by all who ask."""
    return shared(index, Looks)
