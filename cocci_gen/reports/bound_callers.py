"""A function that no rule binds -> the bound functions of a run that come to it by calls, found in the text of the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from cocci_gen.code.texts.source import file_facts
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.kernel.tree import KernelTree

#: Calls between a bound function and the one that was asked for, and names that are looked for at most on the way.
_DEEPEST = 4
_MOST_NAMES = 24
#: A name that more lines of a tree hold is no helper of a few functions.
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Caller:
    """A function that calls another one: where it stands (as the run names it), and the line of the call."""

    path: str
    function: str
    line: int


class Callers(Protocol):
    """Who calls a name."""

    def __call__(self, name: str, folder: str | None = None) -> tuple[Caller, ...]:
        """A name -> the functions that mention it, below one folder or anywhere; nothing for a name that everybody uses."""


@dataclass(frozen=True, slots=True)
class BoundCaller:
    """A bound function, the line of its call, and the functions through which it comes to the one that was asked for."""

    caller: Caller
    through: tuple[str, ...]


def callers_in(tree: KernelTree) -> Callers:
    """The callers of a name in a tree, by its text."""

    def found(name: str, folder: str | None = None) -> tuple[Caller, ...]:
        if not name.isidentifier() or not name.isascii():
            return ()
        try:
            hits = tree.grep(rf"\b({name})\b", *_pathspecs(tree, folder))
        except KernelTreeError:
            return ()
        lines: dict[str, list[int]] = {}
        for path, line, _ in hits if len(hits) <= _MOST_LINES else ():
            lines.setdefault(path, []).append(line)
        return tuple(dict.fromkeys(one for path, at in lines.items() for one in _enclosing(tree, path, at, name)))

    return found


def _pathspecs(tree: KernelTree, folder: str | None) -> tuple[str, ...]:
    """All C of a tree, or what lies below one folder, which is called as the run calls it."""
    if folder is None:
        return "*.c", "*.h"
    below = tree.inside(folder).rstrip("/") if isinstance(tree, ModuleTree) else folder
    return tuple(f"{below}/{ending}" if below else ending for ending in ("*.c", "*.h"))


def _enclosing(tree: KernelTree, path: str, lines: Collection[int], name: str) -> Iterator[Caller]:
    shown = tree.outside(path) if isinstance(tree, ModuleTree) else path
    for span in file_facts(tree.read(path), frozenset()).functions:
        inside = [line for line in lines if span.line <= line <= span.last_line]
        if inside and span.name != name:
            yield Caller(shown, span.name, inside[0])


def bound_callers(name: str, callers: Callers, bound: Collection[tuple[str, str]]) -> tuple[BoundCaller, ...]:
    """The nearest bound functions, (path, name), that call a function, directly or through others."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(name, ())]
    seen, found = {name}, list[BoundCaller]()
    for _ in range(_MOST_NAMES):
        if not waiting:
            break
        here, through = waiting.pop(0)
        for caller in callers(here):
            if (caller.path, caller.function) in bound:
                found.append(BoundCaller(caller, through))
            elif caller.function not in seen and len(through) + 1 < _DEEPEST:
                seen.add(caller.function)
                waiting.append((caller.function, (caller.function, *through)))
    return tuple(found)
