"""A tree -> Said, what `gives_back` has told of its functions, so that nothing is told twice of a method that two come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.judged.bound import Bound

T = TypeVar("T")
#: What something is about: the path and the name of a function, and what tells it from others that are said of this one.
About = tuple[str, str, object]


@dataclass(frozen=True, slots=True)
class Said:
    """What was told so far."""

    index: KernelIndex
    _known: set[About] = field(default_factory=set, compare=False, repr=False)

    def new(self, bound: Iterable[Bound], found: Iterable[T], about: Callable[[T], About]) -> tuple[T, ...]:
        """What was found, without that which another obligation told of the same function as of a helper."""
        again = {(one.definition.path, one.definition.name) for one in bound if one.again}
        every = tuple((one, about(one)) for one in found)
        fresh = tuple(one for one, key in every if key[:2] not in again or key not in self._known)
        self._known.update(key for _, key in every)
        return fresh


def said_of(index: KernelIndex) -> Said:
    """What was told of a tree, shared by all who tell."""
    return shared(index, Said)
