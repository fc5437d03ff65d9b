"""Exploration: what a search of a Graph has come to, stops, arrivals and wrongs, each with the way there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from cocci_gen.code.searches.machines import Event, Result
from cocci_gen.code.searches.paths import Decision, Path
from cocci_gen.code.states.known import Facts


class Stop(NamedTuple):
    """Where a way stands: in front of a node, in a state, with what is known; `passed` tells that it came over the node that was
    asked for."""

    node: int
    state: str
    facts: Facts
    passed: bool = False


#: A stop, with the number of what is known there.
Step = tuple[int, str, int, bool]


class Trail:
    """The stops that a search came to, each with the one before it and the branch to it.  Of most searches nobody asks for them,
    so they are spelled out when somebody does."""

    def __init__(self, links: Mapping[Step, tuple[Step, str] | None], facts: Callable[[int], Facts]) -> None:
        """`links` are the steps in the order in which they were found, `facts` tells what is known by its number."""
        self._links = links
        self._facts = facts

    @cached_property
    def before(self) -> dict[Stop, tuple[Stop, str] | None]:
        """Each stop with the one before it."""
        stops = {step: Stop(step[0], step[1], self._facts(step[2]), step[3]) for step in self._links}
        return {stops[step]: (stops[link[0]], link[1]) if link else None for step, link in self._links.items()}

    @cached_property
    def states(self) -> dict[int, set[str]]:
        """The states in which some way comes to each node."""
        found: dict[int, set[str]] = {}
        for node, state, _, _ in self._links:
            found.setdefault(node, set()).add(state)
        return found


def no_trail() -> Trail:
    """The trail of a search that came nowhere."""
    return Trail({}, lambda _number: ())


@dataclass(frozen=True, slots=True)
class Arrival:
    """A return that is reached: the way's last stop, the state behind the return's own calls, and what is returned."""

    stop: Stop
    node: int
    state: str
    result: Result
    facts: Facts


@dataclass(frozen=True, slots=True)
class Wronged:
    """A step that is wrong in the state in which a way comes to it."""

    stop: Stop
    event: Event
    says: str
    words: str


@dataclass(slots=True)
class Exploration:
    """What a search has found; `merged` tells that values were forgotten so that it ended."""

    trail: Trail = field(default_factory=no_trail)
    arrivals: list[Arrival] = field(default_factory=list)
    wrongs: list[Wronged] = field(default_factory=list)
    unclear: dict[int, str] = field(default_factory=dict)
    merged: bool = False

    @property
    def before(self) -> dict[Stop, tuple[Stop, str] | None]:
        """Each stop that a way comes to, with the one before it and the branch to it; None ahead of the first."""
        return self.trail.before

    @property
    def states(self) -> dict[int, set[str]]:
        """The states in which some way comes to each node."""
        return self.trail.states

    def path(self, stop: Stop) -> Path:
        """The way to a stop, the shortest that was found."""
        nodes = [stop.node]
        decisions = []
        link = self.before[stop]
        while link is not None:
            stop, label = link
            nodes.append(stop.node)
            if label:
                decisions.append(Decision(stop.node, label))
            link = self.before[stop]
        return Path(tuple(reversed(nodes)), tuple(reversed(decisions)))

    def stops(self, stop: Stop) -> tuple[Stop, ...]:
        """Every stop of the way to a stop, in order."""
        found = [stop]
        while (link := self.before[found[-1]]) is not None:
            found.append(link[0])
        return tuple(reversed(found))

    def at(self, node: int) -> frozenset[str]:
        """The states in which some way comes to a node."""
        return frozenset(self.states.get(node, ()))

    def first(self, node: int, wanted: Callable[[Arrival], bool]) -> Arrival | None:
        """The first arrival at a return that is wanted."""
        return next((one for one in self.arrivals if one.node == node and wanted(one)), None)

    def firsts(self, wanted: Callable[[Arrival], bool]) -> tuple[Arrival, ...]:
        """The first wanted arrival at each return that has one, in the order of the nodes."""
        found: dict[int, Arrival] = {}
        for one in self.arrivals:
            if one.node not in found and wanted(one):
                found[one.node] = one
        return tuple(found[node] for node in sorted(found))
