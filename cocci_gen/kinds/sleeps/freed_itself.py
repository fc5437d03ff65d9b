"""The fourth rule of the kind `rcu_walk`, "frees at once the inode itself".

porting.rst demands it of every file system that names lead to: a walk looks at the inode without a reference, whether a method of
the file system runs then or not.  What hangs on the inode is the third rule's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.facts.sleeps.early_frees import EarlyFree, early_frees
from cocci_gen.facts.sleeps.walk_reads import WalkRead
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.object_paths import INODE
from cocci_gen.kinds.duties import TreeFacts, Unexamined, implementations_of
from cocci_gen.kinds.sleeps.freed import Ending, Freed, FreedDuty, FreedRule, duty_of, known_of


@dataclass(frozen=True, slots=True)
class FreedItselfRule(FreedRule):
    """The kind `rcu_walk` for the memory of the inode."""

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[FreedDuty, ...], tuple[Unexamined, ...]]:
        """The functions that free it at once for the method that ends it, where names lead to it; each free is told once in a
        tree, by the rule that has seen a method look there before this one."""
        if obligation.mode is not Mode.ENDED or (obligation.struct, obligation.method) != (
            "super_operations",
            "destroy_inode",
        ):
            return (), ()
        named, known = _folders_with_names(facts.index), known_of(facts.index)
        found: dict[Definition, dict[tuple[int, str], tuple[Freed, Ending]]] = {}
        implementations, _ = implementations_of(obligation, facts.index)
        for one in implementations:
            for ending in _endings(one, named, facts.index):
                for free in ending.frees:
                    if isinstance(free, EarlyFree) and _is_inode_itself(free):
                        owner = known.owners.setdefault((free.definition, free.call.line), obligation.id)
                        if owner == obligation.id:
                            freed = Freed(free, WalkRead(free.path, (), ""), "")
                            found.setdefault(free.definition, {}).setdefault((free.call.line, ""), (freed, ending))
        return tuple(duty_of(obligation, definition, frees) for definition, frees in found.items()), ()

    def looker(self, duty: FreedDuty) -> str:  # noqa: ARG002 - the protocol
        """Who looks, for the message."""
        return "a path walk"


def _folders_with_names(index: KernelIndex) -> frozenset[str]:
    """The folders with a table by which names are looked up."""
    found, _ = index.everywhere.implementations("inode_operations", "lookup")
    return frozenset(entry.folder for one in found for entry in one.entries)


def _endings(one: Implementation, named: frozenset[str], index: KernelIndex) -> Iterator[Ending]:
    """What a method frees at once, for the first table in a folder whose inodes have names."""
    graph = index.graph(one.definition)
    entry = next((entry for entry in one.entries if entry.folder in named), None)
    if graph is not None and entry is not None:
        yield Ending(one, entry, early_frees(index).of(one.definition, graph, entry.folder), alone=True)


def _is_inode_itself(free: EarlyFree) -> bool:
    """Whether it is the structure around the inode that is freed, or the inode."""
    return free.path[0] == INODE and all(step.startswith("^") for step in free.path[1:])
