"""What a function does to a lock that its caller holds, as seen behind the call: When it is released, by what is returned.

A callee that releases only sometimes is neither a release nor nothing: behind it the lock may be held still.  Where the value
that it returns tells which, the way behind the call goes on with that value alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.paths import Decision, Facts, NoPath, Path, may_be_nonzero, may_be_zero
from cocci_gen.facts.agreement import agreeing_path

_NAME = re.compile(r"[A-Za-z_]\w*")
_FAILURE = re.compile(r"-\s*\w+|(?:ERR_PTR|PTR_ERR) ?\(.*\)|true|[1-9]\d*")
_NOTHING = frozenset({"0", "NULL", "false"})


class When(Enum):
    """On which of its ways a function comes back without the lock."""

    NEVER = "never"
    AGAIN = "and takes it back before it returns"
    ALWAYS = "always"
    ON_ZERO = "when it returns zero"
    ON_NONZERO = "when it returns anything but zero"
    SOMETIMES = "on some of its ways"


@dataclass(frozen=True, slots=True)
class PartRelease:
    """A call of a function that releases the lock on some of its ways only."""

    node: int
    call: Call
    when: When


Refused = Callable[[Node, str], bool]


def outcome(
    graph: Graph, releases: Collection[int], retakes: Collection[int], parts: Collection[PartRelease], refused: Refused
) -> When:
    """When a function comes back without the lock: `releases` are the nodes behind which it is gone, behind `retakes` it is
    there again, and `parts` may release it."""
    again = any(part.when is When.AGAIN for part in parts)
    parts = tuple(part for part in parts if part.when is not When.AGAIN)
    if not releases and not parts:
        return When.AGAIN if again else When.NEVER
    kept, gone = set[bool](), set[bool]()
    untouched, back = _reachable(graph, 0, releases), _Continuations(graph, dict.fromkeys(retakes, frozenset(releases)))
    early = _reachable(graph, 0, retakes)
    every = dict.fromkeys((*releases, *(part.node for part in parts)))
    sources = tuple(one for one in every if one in early and _comes(graph, one, retakes, refused))
    forth = _Continuations(graph, {one: frozenset(retakes) - {one} for one in sources})
    for number, node in enumerate(graph.nodes):
        if node.kind != "return":
            continue
        for nonzero in (False, True):
            accept = _returning(node, nonzero=nonzero)
            if accept is None:
                continue
            whole = number in untouched and isinstance(
                agreeing_path(graph, number, set(releases), refused=refused, accept=accept), Path
            )
            if whole or back.any(number, refused, accept):
                kept.add(nonzero)
            if forth.any(number, refused, accept):
                gone.add(nonzero)
    if not gone:
        return When.AGAIN if again or sources else When.NEVER
    return _when(kept, gone)


def _reachable(graph: Graph, start: int, blocked: Collection[int]) -> frozenset[int]:
    """Where a way can come at all, whatever its branches say: what is not among it needs no search."""
    return graph.behind((start,), set(blocked)) | {start}


def _comes(graph: Graph, target: int, blocked: Collection[int], refused: Refused) -> bool:
    return isinstance(agreeing_path(graph, target, blocked, refused=refused), Path)


class _Continuations:
    """The ways from the entry over one of some nodes to a return, behind it past none of those that stand beside it."""

    def __init__(self, graph: Graph, blocked: Mapping[int, frozenset[int]]) -> None:
        self._graph = graph
        self._blocked = blocked
        self._behind = {one: _reachable(graph, one, stops) for one, stops in blocked.items()}
        self._doubled: dict[int, Graph] = {}

    def any(self, target: int, refused: Refused, accept: Callable[[Facts], bool]) -> bool:
        """Whether there is such a way to a return with what is known there accepted."""
        size = len(self._graph.nodes)
        for source, behind in self._behind.items():
            if target not in behind:
                continue
            if source not in self._doubled:
                self._doubled[source] = _doubled(self._graph, source)
            stops = {number + size for number in self._blocked[source]}
            found = agreeing_path(self._doubled[source], target + size, stops, refused=refused, accept=accept)
            if isinstance(found, Path):
                return True
        return False


def _doubled(graph: Graph, source: int) -> Graph:
    """Two copies of a graph, of which the second begins behind `source`: a way into it has come over that node."""
    size = len(graph.nodes)
    first = list(graph.nodes)
    second = [replace(n, successors=tuple((after + size, word) for after, word in n.successors)) for n in first]
    first[source] = replace(
        first[source], successors=tuple((after + size, word) for after, word in first[source].successors)
    )
    return replace(graph, nodes=(*first, *second))


def _returning(node: Node, *, nonzero: bool) -> Callable[[Facts], bool] | None:
    """Whether a return may hand back zero (or something else) with what is known there; None when it certainly does not."""
    value = node.returned
    if value in _NOTHING:
        return None if nonzero else lambda facts: True
    if _FAILURE.fullmatch(value):
        return (lambda facts: True) if nonzero else None
    if _NAME.fullmatch(value) and not value.isupper():
        return lambda facts: (may_be_nonzero if nonzero else may_be_zero)(facts, value)
    return lambda facts: True


def _when(kept: set[bool], gone: set[bool]) -> When:
    if not kept:
        return When.ALWAYS
    if gone == {True} and kept == {False}:
        return When.ON_NONZERO
    return When.ON_ZERO if gone == {False} and kept == {True} else When.SOMETIMES


def kept(graph: Graph, parts: Iterable[PartRelease]) -> Graph:
    """The graph on whose ways no such call has released the lock: behind it its result has the value that says so.

    Nodes that are put between come behind all others.
    """
    nodes = list(graph.nodes)
    for part in parts:
        stays = {When.ON_ZERO: "true", When.ON_NONZERO: "false"}.get(part.when, "")
        node = nodes[part.node]
        if not stays:
            continue
        if node.kind == "condition":
            nodes[part.node] = _taken(node, part.call, stays)
            continue
        result = next(
            (a.left for a in node.assignments if _is_call(a.right, part.call) and _NAME.fullmatch(a.left)), ""
        )
        if result:
            after = tuple((successor, stays) for successor, _ in node.successors)
            nodes.append(Node("condition", node.line, result, (), (), after))
            nodes[part.node] = replace(node, successors=((len(nodes) - 1, ""),))
    return replace(graph, nodes=tuple(nodes))


def _taken(node: Node, call: Call, stays: str) -> Node:
    """A test of the result with the branches on which the lock is still held."""
    text = node.text
    for assignment in node.assignments:
        if _is_call(assignment.right, call):
            text = re.sub(rf"^\(?{re.escape(assignment.left)} = .*\)(?= ?(?:[=!<>]=? ?-?\w+)?$)", "RESULT", text)
    text = re.sub(rf"^{re.escape(call.callee)} ?\(.*\)(?= ?(?:[=!<>]=? ?-?\w+)?$)", "RESULT", text)
    zero = "true" if re.fullmatch(r"RESULT ?(?:== ?(?:0|NULL)|>= ?0)", text) else "false"
    if not re.fullmatch(r"RESULT(?: ?(?:[=!]= ?(?:0|NULL)|(?:<|>=) ?0))?", text):
        return node
    label = zero if stays == "false" else {"true": "false", "false": "true"}[zero]
    return replace(node, successors=tuple((after, word) for after, word in node.successors if word == label))


def _is_call(right: str, call: Call) -> bool:
    return re.match(rf"(?:\([\w *]+\) ?)?{re.escape(call.callee)} ?\(", right) is not None


def told(way: Path | NoPath, graph: Graph) -> Path | NoPath:
    """A way through a graph with nodes put between as one through the function's own."""
    if isinstance(way, NoPath):
        return way
    size = len(graph.nodes)
    decisions = tuple(Decision(one.node, one.label) for one in way.decisions if one.node < size)
    return Path(tuple(number for number in way.nodes if number < size), decisions)
