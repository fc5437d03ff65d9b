"""A function that took a nest of tables and went, and its callers in both trees -> NestedTables: what takes the innermost table
and the names of the others as a path by now.

`register_sysctl_table(root)` of three tables, each with one element that names the next (`.procname = "fs", .child = table`),
became `register_sysctl("fs/nfs", table)`: that the words of the outer tables are the path, each caller of the tree shows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, FunctionGone, MemberGone
from cocci_gen.port.lessons.examples import Examples, Pair
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.plain_text import blank_comments
from cocci_gen.port.texts.struct_arrays import StructArray, struct_arrays

_POINTED = re.compile(r"struct (\w+) ?\*\w*")
_STRING = re.compile(r'"([^"\\/]+)"')


@dataclass(frozen=True, slots=True)
class NestedTables:
    """A function that took the outermost table, the structure of these and the member that names the next; what takes the path
    and the innermost one where the value is used and where it is not ("" for nothing that the tree agrees on); the entries
    beside the name that outer tables of the tree had (`mode=0555`), which go with them; and whether the innermost ones lost the
    empty element at their end (`counted`)."""

    gone: FunctionGone
    struct: str
    member: str
    used: str
    unused: str
    lost: frozenset[str]
    counted: bool
    ground: Learned


@dataclass(frozen=True, slots=True)
class Nest:
    """Tables that name one another: those around the innermost one, the path that their names make, and what else they say."""

    outer: tuple[StructArray, ...]
    inner: StructArray
    path: str
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Step:
    pair: Pair
    nest: Nest
    taker: str
    used: bool
    counted: bool | None


def nest_of(name: str, member: str, arrays: Mapping[str, StructArray]) -> Nest | None:
    """The tables from one on, where each but the innermost has one element, with a string and the name of the next."""
    outer: list[StructArray] = []
    words: list[str] = []
    said: set[str] = set()
    while (table := arrays.get(name)) is not None and table not in outer:
        elements = [one for one in table.elements if not one.is_empty]
        if not any(member in one.entries for one in elements):
            whole = not any(re.search(rf"\.\s*{member}\b", one.text) for one in elements)
            return Nest(tuple(outer), table, "/".join(words), frozenset(said)) if outer and whole else None
        strings = [match[1] for value in elements[0].entries.values() if (match := _STRING.fullmatch(value))]
        if table.conditional or len(elements) != 1 or len(strings) != 1:
            return None
        entries = elements[0].entries
        said |= {f"{key}={value}" for key, value in entries.items() if key != member and not _STRING.fullmatch(value)}
        outer.append(table)
        words += strings
        name = entries[member]
    return None


def arrays_in(text: bytes, struct: str) -> dict[str, StructArray]:
    """The arrays of a structure in a text, by name."""
    return {one.name: one for one in struct_arrays(text, struct)}


def called_with(name: str, text: bytes) -> tuple[str, bool] | None:
    """The argument of the only call of a function in a text, one name, and whether its value is used; None for anything else."""
    code = blank_comments(text).decode("latin-1")
    found = list(re.finditer(rf"(?:([;{{}}:)]|\belse)\s*)?\b{name}\s*\(\s*(\w+)\s*\)(\s*;)?", code))
    if len(found) != 1 or len(re.findall(rf"\b{name}\b", code)) != 1:
        return None
    return found[0][2], not (found[0][1] and found[0][3])


class Nests:
    """The callers of both trees, asked for what they show without some groups."""

    def __init__(self, evolutions: Iterable[Evolution], examples: Examples) -> None:
        """What changed, and the code of both trees."""
        listed = list(evolutions)
        self._steps: dict[tuple[FunctionGone, str, str], list[_Step]] = defaultdict(list)
        for gone, struct, member in _candidates(listed):
            for pair in examples.pairs:
                if gone.old.name.encode() in pair.old.text and pair.new.path in examples.new.texts:
                    sides = (examples.old.texts[pair.old.path], examples.new.texts[pair.new.path])
                    step = _step(gone, member, pair, *(arrays_in(text, struct) for text in sides))
                    self._steps[gone, struct, member] += [step] if step is not None else []

    def without(self, excluded: Collection[str]) -> tuple[NestedTables, ...]:
        """The functions whose callers of other groups agree."""
        found = []
        for (gone, struct, member), every in self._steps.items():
            steps = [one for one in every if one.pair.group not in excluded]
            shown = [one for one in steps if one.taker]
            groups = {one.pair.group for one in shown}
            ends = {one.counted for one in shown if one.counted is not None}
            if len(ends) == 1 and enough(len(shown), len(steps), groups):
                places = [f"{one.pair.old.path}: {one.pair.old.name}()" for one in shown]
                others = [f"{one.pair.old.path}: {one.pair.old.name}()" for one in steps if not one.taker]
                ground = learned(places, others, groups)
                takers = (_taker(shown, used=True), _taker(shown, used=False))
                lost = frozenset[str]().union(*(one.nest.said for one in shown))
                found.append(NestedTables(gone, struct, member, *takers, lost, ends == {True}, ground))
        return tuple(found)


def _candidates(evolutions: Sequence[Evolution]) -> Iterator[tuple[FunctionGone, str, str]]:
    """The functions that took one pointer to a structure that lost a pointer to one of its own kind, and went."""
    members = [(one.old.struct, one.old.name, one.old.type) for one in evolutions if isinstance(one, MemberGone)]
    inward = [(struct, name) for struct, name, kind in members if kind.replace(" *", "*") == f"struct {struct}*"]
    for one in evolutions:
        if isinstance(one, FunctionGone) and not one.macros and len(one.old.parameters) == 1:
            taken = _POINTED.fullmatch(" ".join(one.old.parameters[0].replace("*", " *").split()).replace("* ", "*"))
            yield from ((one, struct, name) for struct, name in inward if taken is not None and taken[1] == struct)


def _step(
    gone: FunctionGone, member: str, pair: Pair, before: Mapping[str, StructArray], after: Mapping[str, StructArray]
) -> _Step | None:
    """What one caller did; None for one that says nothing, as its tables are not in its file."""
    call = called_with(gone.old.name, pair.old.text)
    nest = nest_of(call[0], member, before) if call is not None else None
    if call is None or nest is None:
        return None
    given = rf'\b(\w+)\s*\(\s*"{re.escape(nest.path)}"\s*,\s*{nest.inner.name}\s*\)'
    found = re.findall(given, pair.new.text.decode("latin-1"))
    now = after.get(nest.inner.name)
    counted = not now.ends_empty if now is not None and nest.inner.ends_empty else None
    return _Step(pair, nest, found[0] if len(found) == 1 else "", call[1], counted)


def _taker(steps: Iterable[_Step], *, used: bool) -> str:
    """What most call by now, of those that use the value or do not; "" where too few agree."""
    some = [one for one in steps if one.used == used]
    for name, count in Counter(one.taker for one in some).most_common(1):
        if enough(count, len(some), {one.pair.group for one in some}):
            return name
    return ""
