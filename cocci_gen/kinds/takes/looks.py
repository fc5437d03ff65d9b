"""A function under an obligation -> Look, what `gives_back` sees there; a tree -> Looks, those that were taken ahead of the rule.

A look hangs on nothing but the tree, the obligation and how that comes to the function, so it may be taken at any time, and by
another process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.duties import D, Unexamined


@dataclass(frozen=True, slots=True)
class Look(Generic[D]):
    """The duties of a function; what could not be examined, of it and of what it takes; and what becomes of each thing that it
    takes, in words."""

    duties: tuple[D, ...]
    missing: tuple[Unexamined, ...]
    unseen: tuple[Unexamined, ...]
    becomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks that were taken ahead; an obligation comes to a function once."""

    index: KernelIndex
    _known: dict[tuple[Obligation, Definition], Look[Any]] = field(default_factory=dict, compare=False, repr=False)

    def at(self, obligation: Obligation, definition: Definition) -> Look[Any] | None:
        """The look at a function; None where none was taken."""
        return self._known.get((obligation, definition))

    def take(self, found: Iterable[tuple[Obligation, Definition, Look[Any] | None]]) -> None:
        """Remember looks."""
        self._known.update({(obligation, one): look for obligation, one, look in found if look is not None})


def looks_of(index: KernelIndex) -> Looks:
    """The looks of a tree, shared by all who ask."""
    return shared(index, Looks)
