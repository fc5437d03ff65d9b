"""A page that a method has locked -> the nodes at which it may learn that the page was truncated.

The page was not locked when the method got it, so a truncation may have taken it out of its mapping in the meantime.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, is_alias
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.handovers.takings import Thing
from cocci_gen.kinds.page_duty import resource_parameter

#: Calls deep that a helper is searched for a test.
_DEPTH = 4
#: Calls deep that ->fault is searched for a function of the page cache.
_SERVING = 2
_WORD = re.compile(r"[A-Za-z_]\w*")


def recheck_nodes(thing: Thing, rechecks: re.Pattern[str]) -> frozenset[int]:
    """Nodes that test it, or hand it (or the fault that holds it) to a function that does, or that cannot be seen."""
    graph, names = thing.graph, set(thing.names)
    fault = resource_parameter(graph, ("vm_fault",))
    given = {graph.parameters[fault].name} if fault is not None else set()
    names |= {alias for name in given for alias in aliases(graph, f"{name}->page")}
    search = _Search(thing.facts, rechecks)
    calling = {
        number
        for number, node in enumerate(graph.nodes)
        for call in node.calls
        if search.may_test(call, thing.taker.path, frozenset(names | given), _DEPTH)
    }
    return frozenset(calling | search.tests(graph))


def why_truncated(registrations: Iterable[Registration], cached: frozenset[str], facts: TreeFacts) -> str:
    """What shows that the pages of these tables are of the page cache; "" when nothing does."""
    tables = {(one.file, one.variable) for one in registrations}
    for method in ("fault", "map_pages"):
        for entry in facts.index.entries(method):
            if (entry.path, entry.variable) in tables and _reaches(entry.function, entry.path, cached, facts, _SERVING):
                return f"->{method} of {entry.variable} is {entry.function}(), which serves pages of the page cache"
    return ""


def _reaches(function: str, path: str, wanted: frozenset[str], facts: TreeFacts, depth: int) -> bool:
    """Whether a function is one of those wanted, or calls one."""
    if function in wanted or depth == 0:
        return function in wanted
    for definition in facts.index.resolve(function, path):
        graph = facts.index.graph(definition)
        calls = graph.calls() if graph is not None else ()
        if any(call.direct and _reaches(call.callee, definition.path, wanted, facts, depth - 1) for call in calls):
            return True
    return False


class _Search:
    """Looks for tests in a function and in what it calls; helpers that call each other are looked at once."""

    def __init__(self, facts: TreeFacts, rechecks: re.Pattern[str]) -> None:
        self.facts = facts
        self.rechecks = rechecks
        self._seen: set[tuple[str, str, int]] = set()

    def tests(self, graph: Graph) -> set[int]:
        """Conditions (and returned comparisons) that tell a truncated page, and what gives the variables of such ones."""
        telling = [a.left for a in graph.assignments() if self.rechecks.search(a.right) and _WORD.fullmatch(a.left)]
        asked = {word for node in graph.nodes if _asks(node) for word in _WORD.findall(node.text)}
        told = asked & set(telling)
        return {
            number
            for number, node in enumerate(graph.nodes)
            if (_asks(node) and self.rechecks.search(node.text) is not None)
            or any(a.left in told and self.rechecks.search(a.right) is not None for a in node.assignments)
        }

    def may_test(self, call: Call, path: str, names: frozenset[str], depth: int) -> bool:
        """Whether a call that is given one of the names tests it, or cannot be seen through."""
        vocabulary = call_vocabulary()
        positions = [place for place, text in enumerate(call.arguments) if is_alias(text, names, vocabulary)]
        if not positions:
            return False
        if not call.direct:
            return True
        known = call.callee in vocabulary.marks or call.callee in vocabulary.alias
        if known or vocabulary.is_neutral(call.callee) or depth == 0:
            return False
        definitions = self.facts.index.resolve(call.callee, path)
        if not definitions:
            return depth == _DEPTH  # a macro of the core below that
        for definition in definitions:
            for position in positions:
                key = (definition.path, definition.name, position)
                if key in self._seen:
                    continue
                self._seen.add(key)
                graph = self.facts.index.graph(definition)
                if graph is None or position >= len(graph.parameters) or self.tests(graph):
                    return True
                name = graph.parameters[position].name
                known_inside = aliases(graph, name) | aliases(graph, f"{name}->page")
                if any(self.may_test(other, definition.path, known_inside, depth - 1) for other in graph.calls()):
                    return True
        return False


def _asks(node: Node) -> bool:
    return node.kind in ("condition", "switch") or (
        node.kind == "return" and re.search(r"[=!]=", node.text) is not None
    )
