"""A file and others of one name -> the one that lies nearest, as the search path of a build would find it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile


def shared_folders(one: str, other: str) -> int:
    """How many folders two paths have in common, from the top."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def nearest(path: str, others: Iterable[str], least: int = 0) -> str:
    """The one of some paths that has most folders in common with `path`, and at least so many; "" where two have as many."""
    found = {one: shared_folders(one, path) for one in others}
    most = [one for one, shared in found.items() if shared == max(found.values()) >= least]
    return most[0] if len(most) == 1 else ""
