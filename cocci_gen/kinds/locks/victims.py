"""A call of a method for which a second inode is locked, the victim -> Unentered, where nobody locks it.

The lock of the directory is another one, and whoever called the function may hold it; the victim is a dentry that some caller has
looked up itself, so that nobody further up can have locked its inode.
"""

from __future__ import annotations

from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.vocabulary import Resource
from cocci_gen.facts.calls.steps import Step, line_of
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.locks.leading import Leading, leading_to, root_of
from cocci_gen.kinds.locks.promises import nodes_of, perhaps_takes_other
from cocci_gen.kinds.locks.unentered import Unentered


def unlocked_victims(
    obligation: Obligation,
    resource: Resource,
    definition: Definition,
    graph: Graph,
    calls: tuple[tuple[int, Call], ...],
    facts: TreeFacts,
) -> Iterator[tuple[int, Unentered]]:
    """The nodes of calls whose victim is locked neither in the function nor by a caller that has looked it up."""
    objects = lock_objects()
    second = objects.victim.get(obligation.method) if obligation.struct == "inode_operations" else None
    if second is None or not second.always or objects.held.get(resource.name) != "inode":
        return
    names = [one.name for one in graph.parameters]
    for node, call in calls:
        owner, victim = root_of(call.callee), call.arguments[second.argument : second.argument + 1 or None]
        if (
            not victim
            or not {owner, victim[0]} <= set(names)
            or _may_lock(graph, definition.path, owner, resource, facts)
        ):
            continue
        for caller in leading_to(definition, facts):
            found = _without(caller, names.index(owner), names.index(victim[0]), resource, facts)
            if found is not None:
                there = line_of(caller.definition.path, found.line, definition.path)
                why = f"nor does {caller.definition.name}() at {there}, which has looked up {victim[0]}"
                note = f"{caller.definition.name}() calls {graph.name}() without the lock of what it has looked up"
                yield node, Unentered(why, Step(caller.definition.path, found.line, note))
                break


def _without(caller: Leading, owner: int, victim: int, resource: Resource, facts: TreeFacts) -> Call | None:
    """The call that hands over a directory and what the caller has looked up in it, of which it locks at most the directory."""
    graph = caller.graph
    given = {one.name for one in graph.parameters}
    for _, call in caller.calls:
        if len(call.arguments) <= max(owner, victim) or root_of(call.arguments[victim]) in given | {""}:
            continue
        if not _may_lock(graph, caller.definition.path, call.arguments[owner], resource, facts):
            return call
    return None


def _may_lock(graph: Graph, path: str, owner: str, resource: Resource, facts: TreeFacts) -> bool:
    """Whether a function may lock anything but a directory of that name."""
    return bool(nodes_of(graph, lambda call: perhaps_takes_other(call, owner, resource, path, facts)))
