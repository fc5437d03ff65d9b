"""A Graph -> what a variable does not equal any more once it holds a count.

`slot = NO_SLOT; ... slot = i; ... if (slot == NO_SLOT)` asks whether something was found: a count that begins at a number and
only goes up never comes to the value which stands for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cocci_gen.code.graphs.control_flow import Assignment, Graph
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts, sign_of

_VARIABLE = re.compile(r"[a-z_]\w*")
_NUMBER = re.compile(r"\d+")
#: What stands for nothing: a name, or a negative number.
_NOTHING = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+|-\d+")


def sentinels(graph: Graph) -> dict[int, Facts]:
    """Per node that puts a count into such a variable, what is known of the variable behind it."""
    every: dict[str, list[Assignment]] = {}
    for one in graph.assignments():
        every.setdefault(one.left, []).append(one)
    given = {text.lstrip("& ") for call in graph.calls() for text in call.arguments if text.startswith("&")}
    own = {name for name in every if _VARIABLE.fullmatch(name)} - given - {one.name for one in graph.parameters}
    counts = {name for name in own if _counts(every[name])}
    found: dict[int, Facts] = {}
    for number, node in enumerate(graph.nodes):
        for one in node.assignments if counts else ():
            nothing = _stands_for_nothing(every[one.left], counts) if one.left in own and one.right in counts else ""
            if nothing:
                found[number] = _other_than(one.left, nothing)
    return found


def _counts(assignments: Sequence[Assignment]) -> bool:
    """Whether a variable begins at a number and only goes up."""
    others = [one for one in assignments if not _goes_up(one)]
    return len(others) < len(assignments) and all(
        one.operator == "=" and _NUMBER.fullmatch(one.right) for one in others
    )


def _goes_up(one: Assignment) -> bool:
    return one.right in (f"{one.left}++", f"++{one.left}")


def _stands_for_nothing(assignments: Iterable[Assignment], counts: Iterable[str]) -> str:
    """The constant that a variable holds where it holds no count; "" where it may hold anything else."""
    rights = {one.right for one in assignments if one.operator == "="} - set(counts)
    (nothing, *more) = rights or {""}
    plain = not more and all(one.operator == "=" for one in assignments)
    return nothing if plain and _NOTHING.fullmatch(nothing) else ""


def _other_than(name: str, nothing: str) -> Facts:
    equal = (f"{name} == {nothing}", ZERO, "")
    return (equal, (name, ZERO | POSITIVE, "")) if sign_of(nothing) == NEGATIVE else (equal,)
