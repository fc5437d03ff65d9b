"""What rules did, one after the other -> ChangeSet, the patches of a series: one per evolution and section of MAINTAINERS.

A later rule of the same evolution joins its patch, unless a patch in between changed the same file: the series, applied in its
order, gives the ported code to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from cocci_gen.port.edits.application import Applied
from cocci_gen.port.lessons.rules import PortRule


@dataclass(slots=True)
class ChangeSet:
    """One patch to be: the evolution that it follows, for whom it is, the rules that made it, and each file after it."""

    evolution: str
    section: str
    rules: dict[str, PortRule] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it changes."""
        return tuple(sorted(self.files))


def change_sets(applied: Iterable[Applied], section_of: Callable[[str], str]) -> tuple[ChangeSet, ...]:
    """What the rules did in their order, and the section that a path belongs to -> patches in an order in which they apply."""
    found: list[ChangeSet] = []
    for one in applied:
        key = (one.rule.evolution, section_of(one.path))
        target = _open(found, key, one.path)
        if target is None:
            target = ChangeSet(*key)
            found.append(target)
        target.rules[one.rule.id] = one.rule
        target.files[one.path] = one.after
    return tuple(found)


def _open(found: Iterable[ChangeSet], key: tuple[str, str], path: str) -> ChangeSet | None:
    """The patch that a change of a file may still join."""
    target: ChangeSet | None = None
    for one in found:
        if (one.evolution, one.section) == key:
            target = one
        elif target is not None and path in one.files:
            target = None
    return target


def parts_of(sets: Iterable[ChangeSet]) -> Mapping[int, tuple[int, int]]:
    """Of each patch, by the identity of its ChangeSet, the how manieth of how many of its evolution and section it is."""
    by_key: dict[tuple[str, str], list[ChangeSet]] = {}
    for one in sets:
        by_key.setdefault((one.evolution, one.section), []).append(one)
    return {id(one): (place, len(ones)) for ones in by_key.values() for place, one in enumerate(ones, 1)}
