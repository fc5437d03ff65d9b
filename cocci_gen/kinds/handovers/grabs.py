"""A call of a function -> whether its value is what the contract names, taken: by its name, by flags that it is given or that a
local variable holds, or because it only wraps such calls: each of its returns hands back what one of them took, or an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.searches.results import is_call
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.handovers.contracts import Contract

#: Functions deep that one wraps another.
_DEPTH = 3
_WORD = re.compile(r"[A-Za-z_]\w*")
_NOTHING = re.compile(r"NULL|(?:ERR_PTR|ERR_CAST) ?\(.*\)")


@dataclass(frozen=True, slots=True)
class Grabs:
    """The calls of a tree whose value is what a contract names, taken."""

    contract: Contract
    index: KernelIndex

    def takes(self, graph: Graph, path: str, call: Call, depth: int = _DEPTH) -> bool:
        """Whether a call that stands in a function of a file returns the thing, taken."""
        spelled = replace(call, arguments=tuple(self._spelled(graph, text) for text in call.arguments))
        if self.contract.gives_back(spelled):
            return True
        if not depth or not call.direct or not (self.contract.returning | self.contract.flagged):
            return False
        found = [self._wraps(one, spelled, depth - 1) for one in self.index.resolve(call.callee, path)]
        return bool(found) and all(found)

    def _wraps(self, definition: Definition, call: Call, depth: int) -> bool:
        """Whether a function hands back what it is to take for a call of it, or nothing."""
        graph = self.index.graph(definition)
        if graph is None or not graph.whole or not re.search(r"\b(?:page|folio) ?\* ?$", graph.returns):
            return False
        told = zip((p.name for p in graph.parameters), call.arguments, strict=False)
        given = {name: text for name, text in told if name and all(a.operator == "|=" for a in _set(graph, name))}
        ends = [node for node in graph.nodes if node.kind == "return" and not _NOTHING.fullmatch(node.returned)]
        return bool(ends) and all(self._hands_back(graph, definition.path, node, given, depth) for node in ends)

    def _hands_back(self, graph: Graph, path: str, node: Node, given: Mapping[str, str], depth: int) -> bool:
        """Whether a return is a call that takes, with the arguments of the call that it stands for."""
        for call in (one for one in node.calls if is_call(node.returned, one)):
            told = tuple(_WORD.sub(lambda word: given.get(word[0], word[0]), text) for text in call.arguments)
            if self.takes(graph, path, replace(call, arguments=told), depth):
                return True
        return False

    def _spelled(self, graph: Graph, text: str) -> str:
        """An argument with the flags of the contract that the local variables in it are set to wherever they are set."""
        return _WORD.sub(lambda word: self._flag(graph, word[0]) or word[0], text)

    def _flag(self, graph: Graph, name: str) -> str:
        """The flags that each value has which a variable gets as a whole; "" where one of them has none."""
        every = [a for a in _set(graph, name) if a.operator != "|="]
        if not all(a.operator == "=" and any(flag in a.right for flag in self.contract.flags) for a in every):
            return ""
        return every[0].right if every else ""


def _set(graph: Graph, name: str) -> Iterator[Assignment]:
    """Where a function sets a variable."""
    return (one for one in graph.assignments() if one.left == name)
