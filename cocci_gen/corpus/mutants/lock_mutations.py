"""Bound -> Breaks of the kinds about locks: one that is held is taken, one that is not held is relied upon,
one that must stay held is released."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cocci_gen.code.graphs.control_flow import Parameter
from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, deleted, inserted, reached
from cocci_gen.corpus.mutants.places import Place, places
from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.kinds.handovers.contracts import contracts
from cocci_gen.kinds.handovers.rule import HandoverRule
from cocci_gen.kinds.keeps.rule import KeepRule
from cocci_gen.kinds.locks.areas import AreaRule
from cocci_gen.kinds.locks.gaps import GapRule
from cocci_gen.kinds.locks.holdings import holdings_of
from cocci_gen.kinds.locks.relocks import RelockRule
from cocci_gen.kinds.locks.unheld import UnheldLockRule

#: Object whose lock it is -> object in hand -> how C comes from the one to the other.
_WAYS: Mapping[str, Mapping[str, str]] = {
    "inode": {
        "inode": "{}", "dentry": "d_inode({})", "file": "file_inode({})", "kiocb": "file_inode({}->ki_filp)",
        "mapping": "{}->host", "folio": "{}->mapping->host",
    },
    "mapping": {"mapping": "{}", "folio": "{}->mapping", "inode": "{}->i_mapping", "file": "{}->f_mapping"},
    "super_block": {"super_block": "{}", "inode": "{}->i_sb", "dentry": "{}->d_sb"},
    "mm": {"vma": "{}->vm_mm", "vmf": "{}->vma->vm_mm"},
    "dentry": {"dentry": "{}"},
    "folio": {"folio": "{}"},
    "disk": {"disk": "{}", "bdev": "{}->bd_disk"},
    "file": {"file": "{}"},
    "": {"": "", },
}  # fmt: skip
#: Resource -> the object that it belongs to, how it is taken, and how it is released.
_LOCKS: Mapping[str, tuple[str, str, str]] = {
    "i_rwsem": ("inode", "inode_lock({});", "inode_unlock({});"),
    "invalidate_lock": ("mapping", "filemap_invalidate_lock({});", "filemap_invalidate_unlock({});"),
    "s_umount": ("super_block", "down_write(&{}->s_umount);", "up_write(&{}->s_umount);"),
    "mmap_lock": ("mm", "mmap_write_lock({});", "mmap_write_unlock({});"),
    "d_lock": ("dentry", "spin_lock(&{}->d_lock);", "spin_unlock(&{}->d_lock);"),
    "i_lock": ("inode", "spin_lock(&{}->i_lock);", "spin_unlock(&{}->i_lock);"),
    "open_mutex": ("disk", "mutex_lock(&{}->open_mutex);", "mutex_unlock(&{}->open_mutex);"),
    "f_pos_lock": ("file", "mutex_lock(&{}->f_pos_lock);", "mutex_unlock(&{}->f_pos_lock);"),
    "rename_lock": ("", "write_seqlock(&rename_lock);", "write_sequnlock(&rename_lock);"),
    "blocked_lock_lock": ("", "spin_lock(&blocked_lock_lock);", "spin_unlock(&blocked_lock_lock);"),
}
#: Resource -> the class of a scope that takes it, and the lock of the owner.
_SCOPES: Mapping[str, tuple[str, str]] = {
    "i_rwsem": ("rwsem_write", "{}->i_rwsem"),
    "invalidate_lock": ("rwsem_write", "{}->invalidate_lock"),
    "s_umount": ("rwsem_write", "{}->s_umount"),
    "d_lock": ("spinlock", "{}->d_lock"),
    "i_lock": ("spinlock", "{}->i_lock"),
    "open_mutex": ("mutex", "{}->open_mutex"),
    "f_pos_lock": ("mutex", "{}->f_pos_lock"),
}
_PAGE = re.compile(r"^(?:const )?struct (page|folio) \*$")


def relock_breaks(_: RelockRule, bound: Bound) -> Iterator[Break]:
    """The lock that the caller holds, taken."""
    if bound.obligation.mode != "maybe":
        yield from _put_in(bound, 1)


def gap_breaks(_: GapRule, bound: Bound) -> Iterator[Break]:
    """The lock that the caller holds, given up in the method itself."""
    if bound.obligation.mode != "maybe" and bound.obligation.resource in ("i_rwsem", "s_umount", "open_mutex"):
        yield from (one for one in _put_in(bound, 2) if not one.deep)


def unheld_breaks(_: UnheldLockRule, bound: Bound) -> Iterator[Break]:
    """The lock that nobody holds, released."""
    if bound.obligation.mode == "not_held":
        yield from _put_in(bound, 2)


def area_breaks(rule: AreaRule, bound: Bound) -> Iterator[Break]:
    """The place of the area written, which takes mmap_lock for writing, in a fault handler that has it for reading."""
    if not rule.binds(bound.obligation):
        return
    for place in places(bound, first=True):
        for parameter in place.graph.parameters:
            if not place.deep and parameter.name and _object(parameter) == "vmf":
                area = f"{parameter.name}->vma"
                code = f"{area}->vm_pgoff += 1;"
                yield inserted(place.target, place.statement, code, deep=False)


def _put_in(bound: Bound, which: int) -> Iterator[Break]:
    resource = vocabulary().resources.get(bound.obligation.resource)
    if resource is None or resource.name not in _LOCKS:
        return
    lock = _LOCKS[resource.name]
    family = resource.family.calls
    own = resource.calls
    calls = {*family.take, *family.take_shared, *family.release, *family.release_shared, *own.take, *own.release}
    calls |= {*own.take_shared, *own.release_shared}
    # What kills a super block gives its lock up by contract, somewhere further down.
    touched = any(call.callee in calls for call in bound.graph.calls()) or bound.obligation.method == "kill_sb"
    held = Held(lock_objects().held.get(resource.name, ""), resource)
    owners = {one.name for one in holdings_of(bound.obligation, held, bound.graph) if not one.only}
    for place in places(bound, first=touched):
        for expression in _owners(bound, place, lock[0], owners):
            for code in (lock[which], *(_scoped(bound, resource.name) if which == 1 else ())):
                yield inserted(place.target, place.statement, code.format(expression), deep=place.deep)


def _scoped(bound: Bound, resource: str) -> tuple[str, ...]:
    """How a scope takes the lock, where the tree has a class for it."""
    word, lock = _SCOPES.get(resource, ("", ""))
    if word not in bound.facts.index.reading(bound.definition.path).classes:
        return ()
    return (f"guard({word})(&{lock});", f"scoped_guard({word}, &{lock}) mutation_done();")


def _owners(bound: Bound, place: Place, wanted: str, owners: set[str]) -> Iterator[str]:
    """How the owner of the lock is written at a place; "" for a global lock."""
    if not wanted:
        yield ""
        return
    for parameter in place.graph.parameters:
        name = parameter.name
        if place.deep:
            position = place.graph.parameters.index(parameter)
            arguments = place.calls[0].arguments
            argument = arguments[position] if position < len(arguments) else ""
            if argument not in owners or argument not in {p.name for p in bound.graph.parameters}:
                continue
        elif name not in owners:
            continue
        way = _WAYS[wanted].get(_object(parameter), "")
        if name and way:
            yield way.format(name)
    if not place.deep:
        yield from sorted(owner for owner in owners if "(" in owner and wanted == "inode")


def _object(parameter: Parameter) -> str:
    return lock_objects().of_type(parameter)


def keep_breaks(_: KeepRule, bound: Bound) -> Iterator[Break]:
    """The page unlocked, and locked no more."""
    names = {call.callee for call in bound.graph.calls()}
    touched = bool(names & {"unlock_page", "folio_unlock", "lock_page", "folio_lock", "trylock_page", "folio_trylock"})
    pages = [parameter.name for parameter in bound.graph.parameters if _PAGE.match(parameter.type)]
    for place in places(bound, first=touched) if not touched else ():
        for position, parameter in enumerate(place.graph.parameters):
            match = _PAGE.match(parameter.type)
            if not match or not parameter.name:
                continue
            arguments = place.calls[0].arguments if place.deep else ()
            if place.deep and (position >= len(arguments) or arguments[position] not in pages):
                continue
            code = f"{'unlock_page' if match.group(1) == 'page' else 'folio_unlock'}({parameter.name});"
            yield inserted(place.target, place.statement, code, deep=place.deep)


def handover_breaks(_: HandoverRule, bound: Bound) -> Iterator[Break]:
    """The one call that gives back what was taken, deleted on a path that fails."""
    contract = contracts().get(bound.obligation.method)
    if contract is None:
        return
    graph, text = bound.graph, bound.facts.index.text(bound.definition.path)
    body = Body(bound.definition, text)
    takes = {
        n
        for n, node in enumerate(graph.nodes)
        for c in node.calls
        if contract.gives_back(c) or c.callee in contract.locking | contract.killable | contract.attempting
    }
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            given = next((n for n in (contract.release, contract.put, contract.both) if call.callee in n), frozenset())
            others = frozenset(n for n, o in enumerate(graph.nodes) for c in o.calls if c.callee in given) - {number}
            if not given or not takes or number not in reached(graph, tuple(takes), others):
                continue
            behind = reached(graph, (number,), others | frozenset(takes))
            returns = [graph.nodes[n].text for n in behind if graph.nodes[n].kind == "return"]
            failing = [one for one in returns if re.search(r"-E[A-Z]|ERR_PTR|VM_FAULT_(?!LOCKED)", one)]
            if len(returns) == len(failing) == 1:
                for statement in body.calls(call.callee, call.line):
                    yield deleted(bound.definition, text, statement, deep=False)
