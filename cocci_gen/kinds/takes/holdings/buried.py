"""A name that is cleared, gets an error or comes to mean another thing -> what that says of the thing it held.

`index = NULL;` loses what only this function knows of; behind `inode = ERR_PTR(-EIO);` tests of the name, and releases by it,
speak of the error.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.machines import Event, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.kinds.takes.holdings.holding import CLEARED, LEFT_BEHIND
from cocci_gen.kinds.takes.words.things import Thing

_ERROR_NUMBER = re.compile(r"PTR_ERR ?\([^()]*\)|-E[A-Z0-9]+")
_MADE_ERROR = re.compile(r"ERR_(?:PTR|CAST) ?\(.*\)")
#: Ends the note of a step that leaves nothing under the name, or an error.
_EMPTIED = ("is cleared", "gets an error")


def buried_in(graph: Graph, names: Collection[str], thing: Thing) -> frozenset[int]:
    """The nodes of a function by which a name gets an error: what it held is still owed, and nobody can give it back by that."""
    return frozenset(number for number, node in enumerate(graph.nodes) if _buries(node, names, thing))


def buries_it(known: Summaries, number: int, line: int, name: str) -> Event:
    """The step that puts an error into a name."""
    return _buried(known.step(number, None, ("lost",), f"{name} {_EMPTIED[1]}"), line)


def cleared_in(known: Summaries, number: int, node: Node, names: Iterable[str]) -> list[Event]:
    """What a name loses when it is set to NULL: nothing is given back under it from there on."""
    cleared = [a for a in node.assignments if a.left in names and a.right in ("NULL", "0") and not a.declares]
    return [_buried(known.step(number, None, ("lost",), f"{one.left} {_EMPTIED[0]}"), one.line) for one in cleared]


def told_of_it(
    graph: Graph, buried: Collection[int], takers: Collection[int], turns: Mapping[tuple[int, str], str]
) -> Mapping[tuple[int, str], str]:
    """The branches that tell whether the thing is there, without those behind a step that has put an error in its place: they
    tell of that."""
    behind = graph.behind(buried, takers) if buried else frozenset[int]()
    return {branch: mark for branch, mark in turns.items() if branch[0] not in behind}


def gives_back_behind(graph: Graph, number: int, takers: Collection[int], names: Collection[str], thing: Thing) -> bool:
    """Whether something behind a step gives back what goes by the name there: it is the error that was put into its place."""
    ends = thing.releases | thing.consumes
    calls = (call for n in graph.behind((number,), takers) for call in graph.nodes[n].calls if call.callee in ends)
    return any(not set(names).isdisjoint(call.arguments) for call in calls)


def left_behind(event: Event) -> Event:
    """The step by which a name comes to mean another thing: one that is owed is left behind."""
    if event.marks != ("lost",) or event.call is not None or event.note.endswith(_EMPTIED):
        return event

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        return replace(found, wrongs=((LEFT_BEHIND, event.note),)) if state == "owed" else found

    return replace(event, outcome=outcome)


def _buried(event: Event, line: int) -> Event:
    """The step that clears a name: one that is owed by it is lost, where nobody else knows of that."""

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        return replace(found, wrongs=((CLEARED, event.note),)) if state == "owed" else found

    return replace(event, line=line, outcome=outcome)


def _buries(node: Node, names: Collection[str], thing: Thing) -> bool:
    """Whether a name gets an error pointer, or that of a number an error: what it held is still owed, and nobody can give it back
    under that name."""
    made = _ERROR_NUMBER if thing.number else _MADE_ERROR
    return any(a.left in names and made.fullmatch(a.right) for a in node.assignments)
