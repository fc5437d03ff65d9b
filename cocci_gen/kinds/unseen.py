"""An Exploration -> what it could not see: returns behind what nobody can follow, and a search that had to forget.

What a rule cannot follow it names, so that no silence passes for "examined and found right".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.duties import Unexamined, unexamined

MERGED = "too many ways: values were forgotten to come to an end"


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """A place of a function that is not examined, and why."""

    line: int
    why: str


def unseen_returns(
    graph: Graph,
    seen: Exploration,
    states: frozenset[str],
    asked: Callable[[Arrival], bool] = lambda _: True,
    hides: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[Unfollowed]:
    """The returns to which ways that are asked for come in one of these states, each with the step that hides the rest;
    `hides` are nodes that do so beside the steps of the search, in words."""
    found: dict[int, list[Arrival]] = {}
    for arrival in seen.arrivals:
        if asked(arrival):
            found.setdefault(arrival.node, []).append(arrival)
    words = {**hides, **seen.unclear}
    for number, every in sorted(found.items()):
        hidden = [one for one in every if one.state in states]
        if hidden:
            passed = [words[stop.node] for stop in seen.stops(hidden[0].stop) if stop.node in words]
            which = "every way" if len(hidden) == len(every) else "a way"
            why = f"what {which} to this return passes cannot be seen through: {passed[0]}" if passed else ""
            yield Unfollowed(
                graph.nodes[number].line, why or f"what becomes of it on {which} to this return cannot be seen"
            )


def forgotten(graph: Graph, seen: Exploration) -> Iterator[Unfollowed]:
    """The function itself, where the search had to forget values."""
    if seen.merged:
        yield Unfollowed(graph.nodes[0].line, MERGED)


def told_of(obligation: Obligation, definition: Definition, found: Iterable[Unfollowed]) -> tuple[Unexamined, ...]:
    """The lines of `unexamined.jsonl` for them, each said once."""
    return tuple(
        replace(unexamined(obligation, definition, one.why), line=one.line or definition.span.line)
        for one in dict.fromkeys(found)
    )
