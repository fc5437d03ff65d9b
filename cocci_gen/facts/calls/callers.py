"""KernelIndex x functions whose text changed -> the functions that a change reaches through calls, level by level.

Which file calls what is a part of its outline in the index.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.index import KernelIndex

#: Where callers are looked for besides the folders of what changed: where file systems and what they stand on live.
ROOTS = ("fs", "mm", "block", "include", "lib")
#: More functions than this are not looked at: the change is one of the kernel's foundations.
MOST = 3000


@dataclass(frozen=True, slots=True)
class Reached:
    """The functions that a change reaches, as (path, name); `beyond` are the next to come to them by calls where there are
    more than are looked at."""

    functions: frozenset[tuple[str, str]]
    beyond: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Callers:
    """Who calls a name, in the files of an index below some folders."""

    index: KernelIndex
    roots: tuple[str, ...] = ROOTS

    def naming(self, name: str, home: str = "") -> list[str]:
        """The files that call a name, or seldom do not (a comment has it); `home` is the folder of the module to which the files
        belong, "" for those of the kernel."""
        below = tuple(f"{root}/" for root in self.roots)
        every = (path for path in self.index.calling(name) if path.startswith(below))
        return [path for path in every if self.index.tree.home(path) == home]


def reached_by(
    callers: Callers,
    changed: Iterable[tuple[str, str]],
    macros: Iterable[tuple[str, str]],
    spare: int = 0,
) -> Reached:
    """Functions and macros (path, name) that a change touches -> those functions, and all that come to them by calls, in
    all `MOST`, and `spare` more."""
    seen: set[tuple[str, str]] = set(changed)
    level, macros_left = set(seen), set(macros)
    while following := _callers_of(callers, level, macros_left) - seen:
        if len(seen) + len(following) > MOST + spare:
            return Reached(frozenset(seen), frozenset(following))
        seen |= following
        level, macros_left = following, set()
    return Reached(frozenset(seen), frozenset())


def _callers_of(
    callers: Callers, functions: Iterable[tuple[str, str]], macros: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """One level: the functions that name one of these where the name means it; the kernel calls nothing of a module."""
    index = callers.index
    found = set[tuple[str, str]]()
    wide: dict[str, dict[str, set[str]]] = {}
    for path, name in functions:
        spans = [one.span for one in index.functions_in(path) if one.name == name] if path in index.paths() else []
        if path.endswith(".h") or not all(span.static for span in spans):
            wide.setdefault(index.tree.home(path), {}).setdefault(name, set()).add(path)
        found |= _mentioning(index, path, name) - {(path, name)}
        found |= _by_table(index, path, name)
    for path, name in macros:
        found |= _mentioning(index, path, name)
        if path.endswith(".h"):
            wide.setdefault(index.tree.home(path), {}).setdefault(name, set()).add("")
    for home, places in wide.items():
        for name, here in places.items():
            for file in callers.naming(name, home):
                if file in here or not ("" in here or may_mean(index, name, file, here)):
                    continue
                found |= _mentioning(index, file, name)
    return found


def methods_near(index: KernelIndex, path: str, name: str) -> set[str]:
    """The methods for which tables of a function's folder name it, as they stand."""
    return {one.method for one in index.entries_naming(name) if one.struct and one.folder == folder_of(path)}


def _by_table(index: KernelIndex, path: str, name: str) -> set[tuple[str, str]]:
    """The functions of a folder that call a function there by a table of the folder, `bed->ops->dig()`."""
    found = set[tuple[str, str]]()
    for method in methods_near(index, path, name):
        called = re.compile(rf"(?:->|\.)\s*{re.escape(method)}\s*\)?\s*\(".encode())
        for file in index.calling_in(method, folder_of(path)):
            here = index.functions_with(called, file)
            found |= {(file, one.name) for one in here if called.search(blanked(index.text_of(one)))}
    return found


def may_mean(index: KernelIndex, name: str, caller: str, places: Collection[str]) -> bool:
    """Whether a name in a file may mean a function of one of the places, or one that is not there any more."""
    resolved = index.resolve(name, caller)
    return not resolved or any(one.path in places for one in resolved)


def _mentioning(index: KernelIndex, path: str, name: str) -> set[tuple[str, str]]:
    """The functions of a file in whose code a name stands: who is told of in a remark is not called."""
    if path not in index.paths():
        return set()
    word = re.compile(rf"\b{re.escape(name)}\b".encode())
    found, text = index.functions_with(word, path, (name.encode(),)), index.text(path)
    return {(path, one.name) for one in found if word.search(blanked(text[one.span.start : one.span.end]))}
