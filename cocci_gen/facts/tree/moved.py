"""A documented method whose structure has lost it -> the structure of the same header that has it now.

A document goes on naming the old structure for years (lm_break and its sisters left lock_manager_operations in 6.9).  The tables
of the tree name the new one, and its header proves it: both structures stand there, and only the new one has the method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocci_gen.facts.tree.headers import StructDefinition, read_structs

if TYPE_CHECKING:
    from cocci_gen.facts.tree.index import KernelIndex


def home_of(index: KernelIndex, struct: str, method: str) -> str:
    """The structure whose tables implement a method of `struct`: itself, or where the headers say that it has moved to."""
    if any(entry.struct for entry in index.entries_of(method, struct)):
        return struct
    named = {entry.struct for entry in index.entries(method)} - {""}
    if not named or struct in named:
        return struct
    homes = sorted(other for other in named if _has_moved(index, struct, other, method))
    return homes[0] if len(homes) == 1 else struct


def _has_moved(index: KernelIndex, struct: str, other: str, method: str) -> bool:
    """Whether one header defines both structures, and the method in the other one alone."""
    for old in index.structs.of(struct):
        found = {one.name: one for one in read_structs(index.text(old.path), old.path, (struct, other))}
        if other in found:
            return _has(found[other], method) and not _has(found[struct], method)
    return False


def _has(definition: StructDefinition, method: str) -> bool:
    return bool(definition.prototypes(method)) or method in definition.others
