"""A Graph and what may not be passed -> Path, a feasible way from the entry to a node.

This search keeps what the branches and assignments on the way tell about plain variables (`known`, `deeds`), and drops ways that
contradict themselves.  It forgets rather than guesses: a way that it cannot refute stays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.states.deeds import assume, chosen, contradicts, deeds_of
from cocci_gen.code.states.known import Facts, Known, frozen, thawed

#: States looked at before a search gives up; the longest function of ->writepage in 6.1 needs 9,000.
STATES = 30_000
#: A node, and what is known in front of it.
_State = tuple[int, Facts]


@dataclass(frozen=True, slots=True)
class Decision:
    """A branch that the path takes: the condition's node and whether it holds ("true", "false" or a case value)."""

    node: int
    label: str


@dataclass(frozen=True, slots=True)
class Path:
    """A feasible way: the nodes in order and the branches taken."""

    nodes: tuple[int, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class NoPath:
    """No way was found: `exhausted` tells that every way was refuted, else the search gave up."""

    exhausted: bool


def refuted(way: Path | NoPath) -> bool:
    """Whether it is proven that there is no way."""
    return isinstance(way, NoPath) and way.exhausted


class Ways:
    """The feasible ways from a node of a graph that pass no node of `blocked` and take no branch that `refused` names, the
    shortest first; the search goes on from where the question before left it.  `known` holds at the start."""

    def __init__(
        self,
        graph: Graph,
        blocked: Collection[int],
        *,
        start: int = 0,
        known: Facts = (),
        refused: Callable[[Node, str], bool] = lambda node, label: False,
    ) -> None:
        self._graph = graph
        self._deeds = deeds_of(graph)
        self._blocked = blocked
        self._refused = refused
        self._exhausted = True
        self._first: _State = (start, frozen(thawed(known)))
        self._before: dict[_State, tuple[_State, str] | None] = {self._first: None}
        self._search = self._arrivals()
        self._arrived: dict[int, list[_State]] = {}

    def to(self, target: int, accept: Callable[[Facts], bool] = lambda facts: True) -> Path | NoPath:
        """The shortest way to a node, which may be blocked itself; `accept` may ask more of what is known there.

        NoPath(exhausted=True) is a proof under the model: every way contradicts itself or is blocked.
        """
        for state in self._arrived.get(target, ()):
            if accept(state[1]):
                return self._path(state)
        for state in self._search:
            self._arrived.setdefault(state[0], []).append(state)
            if state[0] == target and accept(state[1]):
                return self._path(state)
        return NoPath(self._exhausted)

    def _arrivals(self) -> Iterator[_State]:
        """Every node with what is known when a way comes to it, in the order of the ways' lengths."""
        queue = deque([self._first])
        while queue:
            state = queue.popleft()
            yield state
            if state[0] in self._blocked and state[0] != self._first[0]:
                continue
            for following, label in self._following(state):
                if following not in self._before:
                    self._before[following] = (state, label)
                    queue.append(following)
            if len(self._before) > STATES:
                self._exhausted = False
                return

    def _following(self, state: _State) -> Iterator[tuple[_State, str]]:
        number, told = state
        node, deed = self._graph.nodes[number], self._deeds[number]
        old = thawed(told)
        facts = deed.behind(old)
        behind = told if facts is old else frozen(facts)
        for successor, label in node.successors:
            if self._refused(node, label):
                continue
            then: Known | None
            if deed.condition is None:
                then = chosen(facts, node, label)
            else:
                truth = label == "true"
                stepped = contradicts(old, deed.condition, truth=truth)
                then = None if stepped else assume(facts, deed.condition, truth=truth)
            if then is not None:
                yield (successor, behind if then is facts else frozen(then)), label

    def _path(self, state: _State) -> Path:
        nodes = [state[0]]
        decisions = []
        link = self._before[state]
        while link is not None:
            state, label = link
            nodes.append(state[0])
            if label:
                decisions.append(Decision(state[0], label))
            link = self._before[state]
        return Path(tuple(reversed(nodes)), tuple(reversed(decisions)))


def find_path(
    graph: Graph,
    target: int,
    blocked: Collection[int],
    *,
    start: int = 0,
    known: Facts = (),
    refused: Callable[[Node, str], bool] = lambda node, label: False,
    accept: Callable[[Facts], bool] = lambda facts: True,
) -> Path | NoPath:
    """One question to `Ways`; who asks for several targets asks that."""
    return Ways(graph, blocked, start=start, known=known, refused=refused).to(target, accept)
