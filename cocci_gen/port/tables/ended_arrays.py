"""Functions that became macros which count the elements of an array, and arrays of both trees -> EndedArrays.

`register_sysctl(path, table)` read a table up to an empty element; the macro of that name hands on ARRAY_SIZE(table), and what
reads it by now takes the empty element for a broken one and refuses the table.  The compiler says nothing.  That the element has
to go, the arrays of the tree show: 118 of 119 lost it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone
from cocci_gen.port.lessons.examples import Examples, group_of
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, FEWEST_GROUPS, learned
from cocci_gen.port.texts.struct_arrays import struct_arrays

#: Nearly all arrays lost it: what stays behind is read as an element.
_SHARE = 0.9
_TAG = re.compile(r"\bstruct (\w+)\s*\*")
_MACRO = re.compile(r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)\n]*)\)((?:[^\n\\]|\\[\s\S])*)")


@dataclass(frozen=True, slots=True)
class EndedArrays:
    """Arrays of a structure that need no empty element at their end any more where they are handed to one of the macros that
    count (name -> which argument); `gone` are the functions which some of these were."""

    struct: str
    counting: Mapping[str, int]
    gone: tuple[FunctionGone, ...]
    ground: Learned


@dataclass(frozen=True, slots=True)
class _Array:
    """An array that ended with an empty element, and whether it does so still."""

    path: str
    name: str
    struct: str
    still: bool


class ArrayEnds:
    """The arrays of both trees, asked for what they show without some groups."""

    def __init__(self, evolutions: Iterable[Evolution], header: Callable[[str], str], examples: Examples) -> None:
        """What changed, the text of a header of the new kernel, and the code of both trees."""
        self._counting: dict[str, dict[str, int]] = defaultdict(dict)
        self._gone: dict[str, list[FunctionGone]] = defaultdict(list)
        for one in evolutions:
            if isinstance(one, FunctionGone) and one.macros:
                for path in sorted({macro.path for macro in one.macros}):
                    self._read(one, counting_macros(header(path)))
        self._arrays = [array for struct in self._gone for array in _arrays(struct, examples)]

    def _read(self, gone: FunctionGone, counting: Mapping[str, int]) -> None:
        place = counting.get(gone.old.name, -1)
        found = _TAG.search(gone.old.parameters[place]) if 0 <= place < len(gone.old.parameters) else None
        if found is not None:
            self._counting[found[1]].update(counting)
            self._gone[found[1]].append(gone)

    def without(self, excluded: Collection[str]) -> tuple[EndedArrays, ...]:
        """The structures of which nearly all arrays of other groups lost their empty end."""
        found = []
        for struct, gone in sorted(self._gone.items()):
            arrays = [one for one in self._arrays if one.struct == struct and group_of(one.path) not in excluded]
            lost = [one for one in arrays if not one.still]
            groups = {group_of(one.path) for one in lost}
            if len(lost) >= max(FEWEST_FUNCTIONS, _SHARE * len(arrays)) and len(groups) >= FEWEST_GROUPS:
                places, others = (
                    [f"{one.path}: {one.name}" for one in arrays if one.still == still] for still in (False, True)
                )
                ground = learned(places, others, groups)
                found.append(EndedArrays(struct, dict(self._counting[struct]), tuple(gone), ground))
        return tuple(found)


def counting_macros(header: str) -> dict[str, int]:
    """The macros of a header that count the elements of one of their arguments, and which."""
    found = {}
    for name, listed, body in _MACRO.findall(header):
        counted = re.findall(r"\bARRAY_SIZE\(\s*\(?(\w+)\)?\s*\)", body)
        names = [one.strip() for one in split_parameters(listed)]
        if len(set(counted)) == 1 and counted[0] in names:
            found[name] = names.index(counted[0])
    return found


def _arrays(struct: str, examples: Examples) -> Iterable[_Array]:
    for path, text in examples.old.texts.items():
        if path in examples.new.texts:
            now = {one.name: one for one in struct_arrays(examples.new.texts[path], struct)}
            for one in struct_arrays(text, struct):
                if one.ends_empty and one.name in now:
                    yield _Array(path, one.name, struct, now[one.name].ends_empty)
