"""A function -> what its text puts where what it is given leads, and the functions that may do so for it: read once for all
sorts of things, most of which it has nothing to do with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.texts import called_names, handed_on, put_into

#: A member of something that is given: `loc->bh = `.
_SETS_MEMBER = re.compile(rb"->\s*\w+\s*=[^=]")
_CALLED_FOR_MEMBER = re.compile(rb"->\s*\w+\s*=\s*([a-z_]\w*)\s*\(")
#: What a pointer leads to that is given: `*out = `, of a function with such a parameter.
_SETS_POINTER = re.compile(rb"\*\*\s*(?P<out>\w+)\s*[,)][^{]*\{(?:.*[;{}):])?\s*\*\s*(?P=out)\s*=[^=]", re.S)


@dataclass(frozen=True, slots=True)
class Storing:
    """What a text calls, without its own name, and those of it that may put something where what it is given leads; whether it
    sets a member of something, and the calls whose values it puts there; whether it sets what a pointer leads to that it is
    given, and the calls that may be put there, by structure."""

    names: frozenset[str]
    helpers: frozenset[str]
    sets: bool
    stored: tuple[str, ...]
    points: bool
    pointed: Mapping[str, frozenset[str]]


class Stores:
    """The texts of one tree; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self._index = index
        self.of = cache(self._of)
        self.helpers = cache(self._helpers)

    def callee(self, name: str, path: str) -> Definition | None:
        """The function that a call of a name in a file may lead to; None for a macro, and where the name may mean several."""
        found = () if name.isupper() else self._index.resolve(name, path)
        return found[0] if len(found) == 1 else None

    def _of(self, definition: Definition) -> Storing:
        text = self._index.text_of(definition)
        points, sets = _SETS_POINTER.search(text) is not None, _SETS_MEMBER.search(text) is not None
        given, addressed = handed_on(text)
        stored = dict.fromkeys(_CALLED_FOR_MEMBER.findall(text))
        return Storing(
            called_names(text) - {definition.name},
            (given | addressed if points or sets else given) - {definition.name},
            sets,
            tuple(name.decode() for name in stored),
            points,
            put_into(text) if points else {},
        )

    def _helpers(self, definition: Definition) -> tuple[Definition, ...]:
        """The functions that may put something, for a function, where what it is given leads: those to which it hands that on as
        it is, and, of one that sets what it leads to, those to which it hands an address of its own."""
        found = (self.callee(name, definition.path) for name in sorted(self.of(definition).helpers))
        return tuple(one for one in found if one is not None)


def stores_of(index: KernelIndex) -> Stores:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Stores)
