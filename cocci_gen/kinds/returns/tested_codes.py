"""A function and the tree -> Untold, the tests of an error number that no callee is seen to return.

`switch (PTR_ERR(page))` lists what its author could think of: a case that what made the page never brings is dead code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import Path
from cocci_gen.facts.pages.returned_codes import Brings, ReturnedCodes
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Confidence, Doubt
from cocci_gen.kinds.duties import TreeFacts

_CODE = r"-E[A-Z0-9]+"
_TESTED = re.compile(rf"(?:PTR_ERR ?\(\s*)?(?P<name>\w+)\)? == (?P<code>{_CODE})")
_SWITCHED = re.compile(r"\(?(?:PTR_ERR ?\(\s*)?(?P<name>\w+)\)*")


@dataclass(frozen=True, slots=True)
class Untold:
    """A branch that is taken for one error number: its node and label, the number, who would have to return it, and whether
    it is certain that it does not."""

    node: int
    label: str
    code: str
    callee: str
    never: bool

    def doubt(self) -> Doubt:
        """What a way over the branch is worth."""
        if self.never:
            return Confidence.LOW, f"nothing that {self.callee}() hands back is {self.code}"
        return (
            Confidence.MODERATE,
            f"{self.callee}() was not seen to return {self.code}, and not all of it could be looked into",
        )


def untold_codes(definition: Definition, graph: Graph, facts: TreeFacts) -> tuple[Untold, ...]:
    """The branches of a function for an error number that is not seen to come from any call whose value is tested."""
    codes, found = ReturnedCodes(facts.index), []
    for number, node in enumerate(graph.nodes):
        for label, name, code in _tests(node):
            calls = _sources(graph, name)
            answers = [codes.of_call(one, definition.path, code, {}) for one in calls]
            if answers and Brings.YES not in answers:
                found.append(Untold(number, label, code, calls[0].callee, set(answers) == {Brings.NO}))
    return tuple(found)


def doubts_of(untold: tuple[Untold, ...], path: Path) -> Iterator[Doubt]:
    """What speaks against a way that takes such branches."""
    taken = {(one.node, one.label) for one in path.decisions}
    yield from (one.doubt() for one in untold if (one.node, one.label) in taken)


def _tests(node: Node) -> Iterator[tuple[str, str, str]]:
    """(label, variable, error number) for each branch of a node that is taken for one number."""
    if node.kind == "switch" and (switched := _SWITCHED.fullmatch(node.text)):
        for _, label in node.successors:
            if re.fullmatch(_CODE, label):
                yield label, switched["name"], label
    elif node.kind == "condition" and (tested := _TESTED.fullmatch(node.text)):
        yield "true", tested["name"], tested["code"]


def _sources(graph: Graph, name: str) -> list[Call]:
    """The calls whose value a variable has; none where it may have another from somewhere that is not seen."""
    handed = any(f"&{name}" in call.arguments for call in graph.calls())
    if handed or name in {one.name for one in graph.parameters}:
        return []
    calls: list[Call] = []
    for node in graph.nodes:
        for one in node.assignments:
            if one.left != name or re.fullmatch(r"NULL|0", one.right):
                continue
            made = [call for call in node.calls if re.match(rf"{re.escape(call.callee)} ?\(", one.right)]
            if not made:
                return []
            calls += made
    return calls
