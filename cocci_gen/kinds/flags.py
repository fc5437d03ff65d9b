"""A step behind a label -> Flag, a variable of the function that decides whether it is done: `if (orphan) orphan_del(inode)`.

Whoever goes to the label leaves the question to the flag, which the function sets where it takes what the step gives back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph

_ASKED = re.compile(r"(!?)([a-z_]\w*)")
_SET, _UNSET = frozenset({"1", "true"}), frozenset({"0", "false"})


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, and whether it is raised where a step is done that hangs on it."""

    graph: Graph
    name: str
    raised: bool

    def is_known(self, number: int) -> bool:
        """Whether every way to a step has given it a value."""
        return number not in self.graph.behind((0,), self._setting(_SET | _UNSET))

    def may_hold(self, number: int) -> bool:
        """Whether some way to a step comes with the value for which the step is done that hangs on it."""
        every, wanted = self._setting(_SET | _UNSET), self._setting(_SET if self.raised else _UNSET)
        return any(number in self.graph.behind((one,), every - {one}) for one in wanted)

    def _setting(self, values: frozenset[str]) -> set[int]:
        nodes = enumerate(self.graph.nodes)
        return {n for n, node in nodes for a in node.assignments if a.left == self.name and a.right in values}


def flags_over(graph: Graph, step: int, start: int) -> Iterator[Flag]:
    """The flags without which, one way or the other, no way from a label comes to a step; the test is one of the steps itself."""
    for number in sorted({start, *graph.behind((start,))}):
        node = graph.nodes[number]
        asked = _ASKED.fullmatch(node.text) if node.kind == "condition" else None
        # A test that goes one way here parts nothing: what stands behind it hangs on others.
        if asked is None or len(node.successors) == 1 or not _is_flag(graph, asked[2]):
            continue
        for _, label in node.successors:
            if step == number or step not in _without(graph, start, number, label):
                yield Flag(graph, asked[2], (label == "true") != bool(asked[1]))
                break


def _without(graph: Graph, start: int, test: int, side: str) -> set[int]:
    """The steps that are come to from a label, whatever becomes of one side of a test."""
    seen, todo = {start}, [start]
    while todo:
        number = todo.pop()
        for after, label in graph.nodes[number].successors:
            if (number, label) != (test, side) and after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


def _is_flag(graph: Graph, name: str) -> bool:
    """Whether a variable is the function's own, and is given nothing but 0 and 1."""
    rights = [a.right for a in graph.assignments() if a.left == name]
    handed = any(text == f"&{name}" for call in graph.calls() for text in call.arguments)
    own = name not in {one.name for one in graph.parameters} and not handed
    return own and set(rights) <= _SET | _UNSET and not _SET.isdisjoint(rights) and not _UNSET.isdisjoint(rights)
