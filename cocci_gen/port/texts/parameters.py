"""Two parameter lists -> the steps that lead from one to the other, and the words of one parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cocci_gen.document.declarations import type_of

_POINTER = re.compile(r"\(\s*\*\s*(?:const\s+)?(\w+)\s*\)\s*\(")
_BEFORE_STARS, _BETWEEN_STARS = re.compile(r"(?<=\w)\s*(?=\*)"), re.compile(r"(?<=\*)\s+(?=\*)")
_ARRAY = re.compile(r"\[[^\]]*\]")
#: The fixed numbers of the kernel (asm-generic/int-ll64.h).
_NUMBERS = {
    "u8": "unsigned char", "s8": "signed char", "u16": "unsigned short", "s16": "short", "u32": "unsigned int", "s32": "int",
    "u64": "unsigned long long", "s64": "long long",
}  # fmt: skip
_NUMBER = re.compile(r"\b_*([us](?:8|16|32|64))\b")
#: What a change costs: a parameter that became another one is likelier than one that went beside one that came.
_RETYPED, _ADDED, _REMOVED = 1.5, 1.0, 1.0
#: A number hardly becomes a pointer: of two parameters, the one with as many stars became the new one.
_OTHER_STARS = 0.3


@dataclass(frozen=True, slots=True)
class Kept:
    """Parameter `old` of the one list is parameter `new` of the other, of the same type."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Retyped:
    """Parameter `old` has another type in its new place."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Added:
    """Parameter `new` was not there before."""

    new: int


@dataclass(frozen=True, slots=True)
class Removed:
    """Parameter `old` is not there any more."""

    old: int


@dataclass(frozen=True, slots=True)
class MovedAway:
    """Parameter `old` leaves this place for place `new`; its type is the same."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class MovedHere:
    """Parameter `new` is what parameter `old` was at another place."""

    old: int
    new: int


Step = Kept | Retyped | Added | Removed | MovedAway | MovedHere


def name_of(parameter: str) -> str:
    """The name of a parameter as it is written: "" where it has none."""
    if pointer := _POINTER.search(parameter):
        return pointer.group(1)
    bare = _ARRAY.sub("", parameter).strip()
    found = re.search(r"(\w+)\s*(?:__\w+\s*)?$", bare)
    if found is None or not bare[: found.start()].strip() or type_of(bare) == type_of(f"{bare} "):
        return "" if found is None or type_of(bare) == type_of(f"{bare} x") else found.group(1)
    return found.group(1)


def without_name(parameter: str) -> str:
    """The type of a parameter as it is written, with one space in front of its stars (`struct page*` is `struct page *`)."""
    name = name_of(parameter)
    kind = re.sub(rf"\b{name}\b(?=[^\w]*$)", "", parameter).strip() if name else parameter
    return _BEFORE_STARS.sub(" ", _BETWEEN_STARS.sub("", kind))


def meant(parameter: str) -> str:
    """The type of a parameter, in one spelling: `u32` is `unsigned int` on every machine that Linux runs on."""
    return _NUMBER.sub(lambda found: _NUMBERS[found.group(1)], type_of(parameter))


def steps_between(old: Sequence[str], new: Sequence[str]) -> tuple[Step, ...]:
    """Parameters as they are written, before and after -> the cheapest steps; of equally cheap ones those that keep names.

    A type that went at one place and came at another is a move.
    """
    before, after = [type_of(one) for one in old], [type_of(one) for one in new]

    @cache
    def best(i: int, j: int) -> tuple[float, tuple[Step, ...]]:
        if i == len(before) and j == len(after):
            return 0.0, ()
        ways: list[tuple[float, tuple[Step, ...]]] = []
        if i < len(before) and j < len(after):
            cost, rest = best(i + 1, j + 1)
            alike = 0.0 if name_of(old[i]) == name_of(new[j]) else 0.1
            step: Step = Kept(i, j) if before[i] == after[j] else Retyped(i, j)
            stars = _OTHER_STARS if before[i].count("*") != after[j].count("*") else 0.0
            ways.append((cost + alike + (0.0 if isinstance(step, Kept) else _RETYPED + stars), (step, *rest)))
        if j < len(after):
            cost, rest = best(i, j + 1)
            ways.append((cost + _ADDED, (Added(j), *rest)))
        if i < len(before):
            cost, rest = best(i + 1, j)
            ways.append((cost + _REMOVED, (Removed(i), *rest)))
        return min(ways, key=lambda way: way[0])

    return _with_moves(best(0, 0)[1], before, after)


def _with_moves(steps: Sequence[Step], before: Sequence[str], after: Sequence[str]) -> tuple[Step, ...]:
    """A parameter that went and one of its type that came are one that moved."""
    gone = [step for step in steps if isinstance(step, Removed)]
    come = [step for step in steps if isinstance(step, Added)]
    result = list(steps)
    for left in gone:
        match = next((one for one in come if after[one.new] == before[left.old]), None)
        if match is not None:
            come.remove(match)
            result[result.index(left)] = MovedAway(left.old, match.new)
            result[result.index(match)] = MovedHere(left.old, match.new)
    return tuple(result)
