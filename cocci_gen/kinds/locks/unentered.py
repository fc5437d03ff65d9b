"""A function that calls a method, and the lock promised to that -> Unentered, what shows that nobody calls it with the lock.

A caller that held the lock would deadlock where the function takes it itself, on another way to the same call; where another
function takes it that a table names for the same method; or where the caller itself takes it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.ways import way_to
from cocci_gen.document.vocabulary import Resource
from cocci_gen.facts.calls.steps import Step, line_of
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.facts.locks.locks import passed
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.locks.leading import Leading, leading_to
from cocci_gen.kinds.locks.promises import is_lock_of, perhaps_held, waited_for

#: Functions that are looked at on the way up.
_MOST = 40
#: Implementations of one method that are looked at.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Unentered:
    """That a function is not called with a lock: in words that follow "nothing here takes it", and where that can be seen."""

    why: str
    step: Step


def unentered(
    resource: Resource,
    definition: Definition,
    graph: Graph,
    calls: tuple[tuple[int, Call], ...],
    facts: TreeFacts,
) -> Unentered | None:
    """The first thing that shows that a function which calls a method is not called with the lock; None where nothing does."""
    held = Held(lock_objects().held.get(resource.name, ""), resource)
    sources = (
        _of_itself(definition, graph, calls, held),
        _of_others(definition, held, facts),
        _of_callers(definition, graph, calls, held, facts),
    )
    return next(chain.from_iterable(sources), None)


def led_with(resource: Resource, definition: Definition, facts: TreeFacts) -> bool:
    """Whether a function further up in the folder, through which one is called, may hold the lock there."""
    seen, todo = {definition}, [definition]
    while todo and len(seen) <= _MOST:
        for one in leading_to(todo.pop(), facts):
            nodes = frozenset(node for node, _ in one.calls)
            facts.index.reads_beside(definition, one.definition.name)
            if perhaps_held(one.graph, nodes, resource, one.definition.path, facts):
                return True
            if one.definition not in seen:
                seen.add(one.definition)
                todo.append(one.definition)
    return False


def _of_itself(
    definition: Definition, graph: Graph, calls: tuple[tuple[int, Call], ...], held: Held
) -> Iterator[Unentered]:
    """It takes the lock of the object whose method it calls."""
    for node, call in calls:
        owner = call.callee.rpartition("->")[0].rpartition("->")[0]
        for at, taken in waited_for(graph, held.resource, (node,)):
            if owner and is_lock_of(taken, owner) and node in graph.behind((at,)):
                why = f"which line {taken.line} takes on another way"
                yield Unentered(
                    why, Step(definition.path, taken.line, f"{graph.name}() takes {held.resource.name} itself")
                )


def _of_others(definition: Definition, held: Held, facts: TreeFacts) -> Iterator[Unentered]:
    """Another function takes the lock of what it is given, and a table names it for the same method."""
    index = facts.index
    for entry in index.entries_naming(definition.name):
        if definition not in index.resolve(entry.function, entry.path):
            continue
        folder = entry.folder
        others = [one for one in index.tabled_in(entry.method, folder) if one.struct and one.struct == entry.struct]
        names = dict.fromkeys((one.function, one.path) for one in others if one.function != definition.name)
        for name, path in list(names)[:_FEW]:
            for other in index.resolve(name, path):
                graph = index.graph(other)
                index.reads_beside(definition, other.name)
                for taken in _taken_of_given(graph, held) if graph is not None else ():
                    why = f"which {name}(), called as ->{entry.method}() too, takes itself"
                    yield Unentered(why, Step(path, taken.line, f"{name}() takes {held.resource.name}"))


def _taken_of_given(graph: Graph, held: Held) -> Iterator[Call]:
    """The calls that take the lock of what the function is given."""
    objects = lock_objects()
    given = {one.name: kind for one in graph.parameters if (kind := objects.of_type(one))}
    names = objects.local_names(graph, given)
    yield from (taken for _, taken in waited_for(graph, held.resource) if held.is_meant(taken, names))


def _of_callers(
    definition: Definition, graph: Graph, calls: tuple[tuple[int, Call], ...], held: Held, facts: TreeFacts
) -> Iterator[Unentered]:
    """A caller does not hold the lock of what it hands over, and takes it elsewhere."""
    objects = lock_objects()
    owners = {call.callee.partition("->")[0] for _, call in calls}
    places = [
        place
        for place, one in enumerate(graph.parameters)
        if one.name in owners or (held.object and objects.of_type(one) == held.object)
    ]
    reached = [number for number, _ in calls]
    for caller in leading_to(definition, facts) if places else ():
        for at, taken in _takes_and_calls_without(caller, graph, reached, places, held, facts):
            name = caller.definition.name
            here, there = (line_of(caller.definition.path, line, definition.path) for line in (at, taken.line))
            why = f"nor does {name}() hold it at {here}, which takes it at {there}"
            yield Unentered(why, Step(caller.definition.path, at, f"{name}() calls {graph.name}() without the lock"))


def _takes_and_calls_without(
    caller: Leading, graph: Graph, reached: list[int], places: list[int], held: Held, facts: TreeFacts
) -> Iterator[tuple[int, Call]]:
    """(line of a call without the lock, what takes the lock in front of it); `graph` is the callee, `reached` where it calls the
    method."""
    taken = waited_for(caller.graph, held.resource, (node for node, _ in caller.calls))
    path = caller.definition.path
    for node, call in caller.calls if taken else ():
        refused = passed(graph, call.arguments)  # `retain(dentry, false)` may keep it from the method
        if not any(isinstance(way_to(graph, number, (), refused=refused), Path) for number in reached):
            continue
        given = [call.arguments[place] for place in places if place < len(call.arguments)]
        own = [one for _, one in taken if any(is_lock_of(one, text) for text in given)]
        if own and not perhaps_held(caller.graph, frozenset({node}), held.resource, path, facts):
            yield call.line, own[0]
