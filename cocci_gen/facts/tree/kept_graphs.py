"""Graph <-> the bytes in which the index keeps it.

A scan holds some twenty thousand graphs, and most of what they say they say again and again: `page`, `(7, "")`, line 300.  What
is equal is one object here, which halves them; and strings that are one object are compared, and hashed, at once.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node, Parameter

H = TypeVar("H", bound=Hashable)
#: A graph as plain values, as `_plain` makes it and JSON gives it back.
_Plain = list[Any]


class _Same(dict[Hashable, Any]):
    """Value -> the object that stands for all that equal it, the first that was asked about."""

    def __missing__(self, value: H) -> H:
        self[value] = value
        return value


class KeptGraphs:
    """Writes and reads graphs, and makes one object of what is equal in all that it was given."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._same = _Same()

    def written(self, graph: Graph | None) -> tuple[bytes, Graph | None]:
        """A graph (None where there is none to be had) -> its bytes, and the same graph with its parts shared."""
        plain = _plain(graph) if graph is not None else None
        text = json.dumps(plain, separators=(",", ":"))
        return zlib.compress(text.encode("utf-8", "surrogatepass"), 1), self._made(plain)

    def read(self, data: bytes) -> Graph | None:
        """What `written` wrote; zlib.error, ValueError or TypeError where that is damaged."""
        return self._made(json.loads(zlib.decompress(data)))

    def _made(self, plain: _Plain | None) -> Graph | None:
        if plain is None:
            return None
        one = self._same  # never asked about numbers and truth values both, for 1 is True
        name, returns, parameters, nodes, labels, whole = plain
        return Graph(
            one[name],
            one[returns],
            tuple(one[Parameter(one[called], one[kind])] for called, kind in parameters),
            tuple(
                Node(
                    one[kind],
                    one[line],
                    one[text],
                    tuple(
                        [Call(one[callee], direct, self._all(given), one[at]) for callee, direct, given, at in calls]
                    ),
                    tuple([Assignment(one[to], one[what], one[by], new, one[at]) for to, what, by, new, at in sets]),
                    one[tuple([one[number, one[label]] for number, label in successors])],
                )
                for kind, line, text, calls, sets, successors in nodes
            ),
            tuple((one[label], number) for label, number in labels),
            whole,
        )

    def _all(self, values: Iterable[str]) -> tuple[str, ...]:
        found: tuple[str, ...] = self._same[tuple([self._same[value] for value in values])]
        return found


def _plain(graph: Graph) -> _Plain:
    nodes = [
        [
            node.kind, node.line, node.text,
            [[call.callee, call.direct, call.arguments, call.line] for call in node.calls],
            [[a.left, a.right, a.operator, a.declares, a.line] for a in node.assignments],
            node.successors,
        ]
        for node in graph.nodes
    ]  # fmt: skip
    return [graph.name, graph.returns, [[p.name, p.type] for p in graph.parameters], nodes, graph.labels, graph.whole]
