"""A page that a function locks -> the steps that give its reference back with the lock held: nobody can unlock it behind that.

The reference has to be the function's own: it came with the lock, or into the same variable ahead of that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.kinds.takes.words.things import Thing, things

#: Says of a step that what keeps the thing there is given back with it locked; the mark of such a step.
STRANDED = "given back locked"
STRANDS = "strands"


def stranding(
    graph: Graph,
    thing: Thing,
    names: frozenset[str],
    takers: Collection[tuple[int, Call]],
    events: Mapping[int, Iterable[Event]],
) -> Iterator[Event]:
    """The steps of a function that give back the reference to what is locked under a name, and do nothing to the lock."""
    counted = _counted(thing)
    if counted is None or not _is_own(graph, thing, counted, names, takers):
        return
    for number, node in enumerate(graph.nodes):
        known = [one.call for one in events.get(number, ())]
        for call in node.calls:
            if call.callee in counted.releases and names.issuperset(call.arguments[:1]) and call not in known:
                yield _stranding(number, call)


def _counted(thing: Thing) -> Thing | None:
    """The thing whose references keep what is locked; None for what is no lock of something that is counted."""
    every = (one for one in things().values() if one.types == thing.types and one.kept == "referenced")
    return next(every, None) if thing.kept == "locked" else None


def _is_own(
    graph: Graph, thing: Thing, counted: Thing, names: frozenset[str], takers: Iterable[tuple[int, Call]]
) -> bool:
    """Whether a function has one reference to what it locks, got by the call that locks or into a variable of its own."""
    given = {parameter.name for parameter in graph.parameters}
    more = counted.taking | counted.same
    if not given.isdisjoint(names) or not all(name.isidentifier() for name in names):
        return False
    if any(call.callee in more and not names.isdisjoint(call.arguments[:1]) for call in graph.calls()):
        return False
    got = {a.left for a in graph.assignments() if a.right.partition("(")[0].strip() in counted.returning}
    return all(call.callee not in thing.taking or not got.isdisjoint(names) for _, call in takers)


def _stranding(number: int, call: Call) -> Event:
    def outcome(state: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(state),), ((STRANDED, call.text),) if state == "owed" else ())

    return Event(number, call.line, call, f"{call.callee}() gives back what keeps it", outcome, (STRANDS,))
