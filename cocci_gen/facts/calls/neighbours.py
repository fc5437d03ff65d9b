"""A function -> the functions of its file or folder that call it by its name, and whether anybody else does; and whom it calls
there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared

_EXPORTED = re.compile(rb"EXPORT_SYMBOL(?<=\bEXPORT_SYMBOL)\w*\s*\(\s*(\w+)")


def neighbours_calling(callee: Definition, index: KernelIndex) -> Iterator[Definition]:
    """Those in whose text a call of the function stands, without itself, nor another of its name, which stands there for another
    configuration, in the order of the files: in its file when only that sees it, else in its folder."""
    return shared(index, _Neighbours).calling(callee)


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Who calls the functions of one tree, as far as somebody has asked: of some functions a few callers are enough."""

    index: KernelIndex
    _known: dict[Definition, tuple[list[Definition], Iterator[Definition]]] = field(default_factory=dict)

    def calling(self, callee: Definition) -> Iterator[Definition]:
        """The neighbours that call a function."""
        if callee not in self._known:
            self._known[callee] = [], self._read(callee)
        found, rest = self._known[callee]
        for number in count():
            if number == len(found):
                if (following := next(rest, None)) is None:
                    return
                found.append(following)
            yield found[number]

    def _read(self, callee: Definition) -> Iterator[Definition]:
        index, called, name = self.index, _call_of(callee), callee.name.encode()
        files = (callee.path,) if _is_of_file(callee) else index.calling_in(callee.name, callee.folder)
        for path in files:
            for one in index.functions_with(called, path, (name,)):
                if one.name == callee.name or not called.search(blanked(index.text_of(one))):
                    continue  # a comment, or a message, has the name
                if callee in index.resolve(callee.name, path):
                    yield one


def neighbour_meant(name: str, path: str, index: KernelIndex) -> Definition | None:
    """The one function of its folder that a call of a name in a file means; None where there is none, or it may mean several."""
    found = [one for one in index.resolve(name, path) if one.folder == folder_of(path)]
    return found[0] if len(found) == 1 else None


def is_known_here_alone(one: Definition, index: KernelIndex) -> bool:
    """Whether nobody outside of its folder can call a function by its name: only its file sees it, or no file elsewhere calls or
    declares it, or fills it in, nor does its own file hand it to modules."""
    if _is_of_file(one):
        return True
    if one.name.encode() in _exported(index.text(one.path)):
        return False
    if any(folder_of(entry.path) != one.folder for entry in index.entries_naming(one.name)):
        return False
    elsewhere = (path for path in index.calling(one.name) if folder_of(path) != one.folder)
    return not any(_may_call(path, one, index) for path in elsewhere)


@lru_cache(maxsize=64)
def _exported(text: bytes) -> frozenset[bytes]:
    """What a file hands to modules."""
    return frozenset(_EXPORTED.findall(text))


def _is_of_file(one: Definition) -> bool:
    """Whether only its own file sees a function."""
    return one.span.static and not one.path.endswith(".h")


def _call_of(one: Definition) -> re.Pattern[bytes]:
    """A call or a declaration of a function."""
    return re.compile(rb"\b" + re.escape(one.name.encode()) + rb"\s*\(")


def _may_call(path: str, one: Definition, index: KernelIndex) -> bool:
    """Whether a file calls or declares a function, and not another one of its name."""
    return _call_of(one).search(blanked(index.text(path))) is not None and one in index.resolve(one.name, path)
