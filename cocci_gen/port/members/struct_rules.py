"""Structures with another name, and the code at hand -> the rules that give them the new one, wherever a type stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cocci_gen.port.changes.evolutions import StructRenamed
from cocci_gen.port.lessons.rules import Declarations, PortRule

_DEFINED = re.compile(rb"\bstruct[ \t\n]+(\w+)[ \t\n]*\{")


def struct_rules(renamed: Iterable[StructRenamed]) -> Iterator[PortRule]:
    """They run last: what was learned speaks of the old name."""
    for one in renamed:
        text = f"@renamed@\n@@\n- struct {one.old}\n+ struct {one.new}\n"
        title = f"struct {one.old} is now struct {one.new}"
        yield PortRule(f"{one.id}.renamed", one.id, title, text, Declarations(), (frozenset({one.old}),))


def own_structs(texts: Iterable[bytes]) -> frozenset[str]:
    """The structures that some code defines itself: of that name, the kernel's is not meant."""
    return frozenset(tag.decode() for text in texts for tag in _DEFINED.findall(text))
