"""A step that gives back -> Opened, the steps that take what it gives back, where it is known which those are.

They are known of what the state machines look after (states.toml, the lock and the writeback of pages), and of calls whose names
are a pair and that are given the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.kinds.pairs import opens, undoing
from cocci_gen.kinds.takes.words.sorts import states, what_of

#: What a call does to a page, and what has taken it then.
_OF_PAGES = (("release", "take"), ("end", "start"))


@dataclass(frozen=True, slots=True)
class Opened:
    """The steps that take what a step gives back, and those that give it back as that does."""

    graph: Graph
    takers: frozenset[int]
    closers: frozenset[int]

    @property
    def known(self) -> bool:
        """Whether the function itself takes it; where it does not, a helper or the caller has, or nobody sees who."""
        return bool(self.takers)

    def reach(self, number: int) -> bool:
        """Whether some way from a taking comes to a step before it is given back."""
        return number in self.graph.behind(self.takers, self.closers)


def opened_by(graph: Graph, step: Node) -> Opened:
    """What takes, in a function, what one of its steps gives back by the one call that it is."""
    calls = step.calls if len(step.calls) == 1 else ()
    takers = frozenset(number for call in calls for number in _taking(graph, call))
    closers = frozenset(
        n for n, node in enumerate(graph.nodes) if any(_is_same(one, call) for call in calls for one in node.calls)
    )
    return Opened(graph, takers, closers)


def _taking(graph: Graph, back: Call) -> Iterator[int]:
    for number, node in enumerate(graph.nodes):
        if any(_takes(call, back) and what_of(call) == what_of(back) for call in node.calls):
            yield number


def _takes(call: Call, back: Call) -> bool:
    """Whether a call does what another one undoes."""
    if any(state.takes(call) and back.callee in state.release for state in states()):
        return True
    marks, none = call_vocabulary().marks, frozenset[str]()
    of_pages = any(
        over in marks.get(back.callee, none) and begun in marks.get(call.callee, none) for over, begun in _OF_PAGES
    )
    return of_pages or (opens(call.callee) and back.callee in undoing(call.callee))


def _is_same(call: Call, back: Call) -> bool:
    return call.callee == back.callee and what_of(call) == what_of(back)
