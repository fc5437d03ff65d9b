"""A tree's index and a maker -> what one module knows of that tree, made when it is first asked for and shared by all who ask.

The index keeps it.  A WeakKeyDictionary beside it would keep the index too: what is known of a tree holds its index, so that
neither ever went, and the trial of every fix has an index of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, cast


class Sharing(Protocol):
    """What is asked about again and again; `shared` is its keeping: maker -> what it made."""

    shared: dict[Callable[..., object], object]


S = TypeVar("S", bound=Sharing)
T = TypeVar("T")


def shared(of: S, make: Callable[[S], T]) -> T:
    """What `make` makes of a thing, made once; `make` is a class, or a function of a module."""
    if make not in of.shared:
        of.shared[make] = make(of)
    return cast("T", of.shared[make])
