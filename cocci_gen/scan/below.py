"""Paths of a kernel -> the functions that a scan below them has to look at: theirs, and whoever comes to them by calls.

What a rule finds in a helper it may have found by way of a method in another folder, so those are looked at too.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cocci_gen.facts.callers import ROOTS, CallerIndex, may_mean, reached_by
from cocci_gen.facts.focus import EVERYTHING, Everything, Focus
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.mentions import Place
from cocci_gen.scan.asked import is_below

#: Below these, all who call a function that no header declares for everybody are known.
_KNOWN = tuple(f"{root}/" for root in ROOTS if root != "include")
#: More functions than these are so good as all.
_MOST = 4000
#: Who includes these makes the events, and calls none of the functions.
_TRACE = "include/trace/"


def focus_below(index: KernelIndex, cache: Path, paths: Collection[str]) -> Focus | Everything:
    """The functions below some paths and whoever calls them, all functions where those are nearly all, or are not
    known; the files below `ROOTS` must be known to the index of callers in the folder `cache`."""
    files = [path for path in index.paths() if is_below(path, paths)]
    here = {(path, one.name) for path in files for one in index.functions_in(path)}
    known = all(path.startswith(_KNOWN) for path in files)
    if not here or len(here) > _MOST or not known:
        return EVERYTHING
    callers = CallerIndex(cache)
    try:
        if _is_public(index, callers, here):
            return EVERYTHING
        reached = reached_by(index, callers, here, (), len(here))
    finally:
        callers.close()
    if reached.beyond:
        return EVERYTHING
    return Focus(frozenset(path for path, _ in reached.functions), reached.functions)


def _is_public(index: KernelIndex, callers: CallerIndex, here: Collection[Place]) -> bool:
    """Whether a header for everybody has the name of one of the functions: drivers, whose calls are not known, may call it.
    What stands in a header of their own is for whoever includes it, and those stand beside it."""
    wide: dict[str, set[str]] = {}
    for path in {path for path, _ in here}:
        for one in index.functions_in(path):
            if not one.span.static:
                wide.setdefault(one.name, set()).add(path)
    return any(
        file.startswith("include/") and not file.startswith(_TRACE) and may_mean(index, name, file, wide[name])
        for name, files in callers.naming(wide, index).items()
        for file in files
    )
