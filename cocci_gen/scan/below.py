"""Paths of a kernel -> the functions that a scan below them has to look at: theirs, and whoever comes to them by calls.

What a rule finds in a helper it may have found by way of a method in another folder, so those are looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cocci_gen.facts.calls.callers import ROOTS, Callers, may_mean, reached_by
from cocci_gen.facts.tree.differences import macros_in
from cocci_gen.facts.tree.focus import EVERYTHING, Everything, Focus
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.mentions import Place
from cocci_gen.scan.asked import is_below

#: Below these, all who call a function that no header declares for everybody are known.
_KNOWN = tuple(f"{root}/" for root in ROOTS if root != "include")
#: Everybody may include these.
_HEADERS = "include/"
#: More functions than these are so good as all.
_MOST = 4000
#: Who includes these makes the events, and calls none of the functions.
_TRACE = "include/trace/"


def focus_below(index: KernelIndex, paths: Collection[str]) -> Focus | Everything:
    """The functions below some paths and whoever calls them, all functions where those are nearly all, or are not known."""
    files = [path for path in index.paths() if is_below(path, paths)]
    here = {(path, one.name) for path in files for one in index.functions_in(path)}
    known = all(path.startswith(_KNOWN) for path in files)
    if not here or len(here) > _MOST or not known:
        return EVERYTHING
    declared = _declared(index, here)
    macros = _made_of(index, declared)
    reached = reached_by(Callers(index), here, macros, len(here))
    if reached.beyond or (declared and _is_called_elsewhere(index, reached.functions, macros)):
        return EVERYTHING
    return Focus(frozenset(path for path, _ in reached.functions), reached.functions)


def _is_called_elsewhere(index: KernelIndex, reached: Collection[Place], macros: Collection[Place]) -> bool:
    """Whether drivers, whose calls are not known, may call one of the functions, be it by a macro: a header for everybody has its
    name, and the name stands in a driver, or in another macro of such a header, which may stand there."""
    inline = {name for path, name in reached if path.startswith(_HEADERS)}
    names = {*_declared(index, reached), *inline, *(name for _, name in macros)}
    files = {one.path for one in index.search(_any_of(names))}
    if not all(path.startswith((*_KNOWN, _HEADERS)) for path in files):
        return True
    headers = [path for path in files if path.startswith(_HEADERS) and not path.startswith(_TRACE)]
    return bool(_made_of(index, dict.fromkeys(names, headers)) - set(macros))


def _declared(index: KernelIndex, here: Collection[Place]) -> dict[str, list[str]]:
    """The names of functions that headers for everybody have, each with those.  What stands in a header of their own is for
    whoever includes it, and those stand beside it."""
    wide: dict[str, set[str]] = {}
    for path in {path for path, _ in here}:
        for one in index.functions_in(path):
            if (path, one.name) in here and not one.span.static:
                wide.setdefault(one.name, set()).add(path)
    headers = Callers(index, (_HEADERS.rstrip("/"),))
    found = {
        name: [
            file for file in headers.naming(name) if not file.startswith(_TRACE) and may_mean(index, name, file, places)
        ]
        for name, places in wide.items()
    }
    return {name: files for name, files in found.items() if files}


def _made_of(index: KernelIndex, named: Mapping[str, Collection[str]]) -> set[Place]:
    """The macros of headers that are made of some names, each with the headers where it may stand."""
    word = re.compile(_any_of(named).encode())
    return {
        (path, macro)
        for path in set().union(*named.values())
        for macro, (_, texts) in macros_in(index.text(path)).items()
        if any(map(word.search, texts))
    }


def _any_of(names: Collection[str]) -> str:
    """An expression for each of some words."""
    return rf"\b({'|'.join(map(re.escape, sorted(names)))})\b"
