"""A call that is given a name which holds one thing after the other -> whether it means the one that was taken last.

`put(prev); prev = mm;` in a loop that takes `mm` gives back the one of the round before; behind the loop `put(prev);` means it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import Enum

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event
from cocci_gen.facts.pages.summaries import PERHAPS_ANOTHER, Summaries
from cocci_gen.kinds.takes.words.things import Thing


class Meant(Enum):
    """Which thing a call is given by a name."""

    THIS = "this"
    ANOTHER = "another"
    UNKNOWN = "unknown"


def of_this(
    graph: Graph,
    known: Summaries,
    thing: Thing,
    names: Collection[str],
    takers: Collection[tuple[int, Call]],
    without: Collection[tuple[int, str]],
    events: Iterable[Event],
) -> Iterator[Event]:
    """The steps of a node, of which one that gives back by a name which holds one thing after the other does so to this one where
    it stands behind what gives it that name, and to another one ahead of that."""
    for event in events:
        alias = next((text for text in event.call.arguments if text in names), "") if event.call else ""
        if event.call is None or not event.note.endswith(PERHAPS_ANOTHER) or event.call.callee not in thing.releases:
            yield event
            continue
        which = meant_by(graph, event.node, alias, names, takers, without)
        if which is Meant.THIS:
            yield known.step(event.node, event.call, ("release",), f"{event.call.callee}()")
        elif which is Meant.UNKNOWN:
            yield event


def meant_by(
    graph: Graph,
    number: int,
    alias: str,
    names: Collection[str],
    takers: Collection[tuple[int, Call]],
    without: Collection[tuple[int, str]],
) -> Meant:
    """What `alias`, one of the `names` of a thing, means at a node; `takers` take the thing, and it is not there on the branches
    `without`."""
    takes = {at for at, _ in takers}
    sets = {at: a.right for at, node in enumerate(graph.nodes) for a in node.assignments if a.left == alias}
    copies = {at for at, right in sets.items() if right in names and at not in takes}
    if not copies or takes & sets.keys():
        return Meant.UNKNOWN
    barred = {*without, *_failing(graph, takers)}
    ahead = number in graph.behind(takes, copies | takes, barred)
    behind = number in graph.behind(copies, takes | sets.keys(), barred)
    if ahead == behind:
        return Meant.UNKNOWN
    return Meant.THIS if behind else Meant.ANOTHER


def _failing(graph: Graph, takers: Iterable[tuple[int, Call]]) -> Iterator[tuple[int, str]]:
    """The branches of tests that take by a call, `if (!try_get(x))`, on which it has not."""
    for number, call in takers:
        node = graph.nodes[number]
        if node.kind == "condition" and node.text in (call.text, f"!{call.text}"):
            yield number, "true" if node.text.startswith("!") else "false"
