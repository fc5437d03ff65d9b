"""Branches that cannot be compiled -> what the names must be that their conditional asks for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from cocci_gen.code.texts.conditionals import Names, holds
from cocci_gen.code.texts.directives import Branch, Group


def follows(group: Group, known: Names, unknown: list[str], dead: list[Branch]) -> Iterator[tuple[str, bool]]:
    """What the unknown names must be where some branches are not compiled."""
    possible: list[tuple[bool, ...]] = []
    for values in itertools.product((False, True), repeat=len(unknown)):
        tried = dict(zip(unknown, values, strict=True))
        defined = {name: "" for name, value in tried.items() if value}
        names = replace(
            known,
            values={**known.values, **defined},
            absent=lambda name, tried=tried: not tried[name] if name in tried else known.absent(name),  # type: ignore[misc]
        )
        if not _compiles(group, names, dead):
            possible.append(values)
    for number, name in enumerate(unknown):
        found = {values[number] for values in possible}
        if len(found) == 1:
            yield name, found.pop()


def _compiles(group: Group, names: Names, dead: list[Branch]) -> bool:
    """Whether one of the dead branches would surely be compiled."""
    for branch in group.branches:
        found = holds(branch.condition, names) if branch.condition else True
        if found is None:
            return False
        if found:
            return branch in dead
    return False
