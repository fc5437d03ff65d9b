"""An obligation about a lock and a method -> Holding, each object whose lock is held there."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.lock_objects import LockObjects, lock_objects
from cocci_gen.facts.locks.locks import LockSearch


@dataclass(frozen=True, slots=True)
class Holding:
    """One object whose lock is held: its name in the method, what the parameters denote seen from it, and when the VFS holds
    that lock, "" for in every call (a victim of ->rename exists only sometimes)."""

    name: str
    given: tuple[tuple[str, str], ...]
    only: str = ""


def held_lock(obligation: Obligation) -> Held | None:
    """The lock that an obligation is about; None when the vocabulary does not know it."""
    resource = vocabulary().resources.get(obligation.resource)
    return None if resource is None else Held(lock_objects().held.get(resource.name, ""), resource)


def holdings_of(obligation: Obligation, held: Held, graph: Graph) -> tuple[Holding, ...]:
    """The objects whose lock the method is called with, each with the view of the parameters from there."""
    if not held.object:
        return (Holding(held.resource.name, ()),)
    objects = lock_objects()
    typed = [(parameter.name, objects.of_type(parameter)) for parameter in graph.parameters if parameter.name]
    if held.object == "inode" and obligation.struct == "inode_operations" and any(kind == "inode" for _, kind in typed):
        return _directories(obligation, typed, objects)
    given = tuple((name, kind) for name, kind in typed if kind)
    search = LockSearch.reaching(held.object)
    names = [name for name, kind in given if kind in search]
    owner = next((name for name, kind in given if kind == held.object), names[0] if names else "")
    return (Holding(owner, given),) if owner else ()


def _directories(obligation: Obligation, typed: list[tuple[str, str]], objects: LockObjects) -> tuple[Holding, ...]:
    """A directory is followed by the dentry in it; victims are the inodes of dentries."""
    found = []
    for place, (name, kind) in enumerate(typed):
        if kind == "inode":
            inside = [(other, "child") for other, sort in typed[place + 1 : place + 2] if sort == "dentry"]
            found.append(Holding(name, ((name, "inode"), *inside)))
    dentries = [name for name, kind in typed if kind == "dentry"]
    second = objects.victim.get(obligation.method)
    if second is not None and dentries:
        victim = dentries[second.dentry]
        only = "" if second.always else "when it exists"
        found.append(Holding(f"d_inode({victim})", ((victim, "dentry"),), only))
    moved = objects.moved.get(obligation.method)
    if moved is not None and dentries and moved.condition.search(obligation.condition):
        name = dentries[moved.dentry]
        found.append(Holding(f"d_inode({name})", ((name, "dentry"),), moved.only))
    return tuple(found)
