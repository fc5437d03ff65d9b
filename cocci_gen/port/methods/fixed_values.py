"""The functions that followed a changed method -> Fixed, the constant that they give in place of a parameter that went; and
whether a body has it only where a constant may stand.

`->create` is not told any more whether the file may exist: gfs2 hands on 1 for `excl`, and nfs `O_EXCL` for `excl ? O_EXCL : 0`.
Both say that it is true, and nobody says anything else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cocci_gen.port.methods.body_uses import Fixed, Followed, text_of
from cocci_gen.port.texts.parameters import name_of
from cocci_gen.port.texts.terms import function_term, subterms

_TRUTH = {"true": True, "1": True, "false": False, "0": False}
#: So many parts of the tree have to show a constant, and each function that used the parameter.
_FEWEST_GROUPS = 2
_CONSTANTS = frozenset({"number_literal", "true", "false", "null", "char_literal", "string_literal"})


def fixed_value(followed: Iterable[Followed], old: int, kind: str) -> Fixed | None:
    """The functions that made a step, a parameter that went and its type -> the constant in its place, None where some function
    that used it shows none, or another one."""
    users = [
        one for one in followed if old < len(one.before.parameters) and _uses(one, name_of(one.before.parameters[old]))
    ]
    shown = [_values_of(one, name_of(one.before.parameters[old]), truth=kind == "bool") for one in users]
    common = frozenset.intersection(*shown) if shown else frozenset()
    if len({one.pair.group for one in users}) < _FEWEST_GROUPS or len(common) != 1:
        return None
    return Fixed(next(iter(common)), len(users), len(users))


def in_place(function: bytes, name: str) -> bool:
    """Whether a body has a parameter only as an argument of a call, or where it decides between two values of which the one that
    goes is a constant: there a constant may stand.  What is stored there, or asked, is for a person."""
    body = function_term(function)
    if body is None:
        return False
    wanted, seen = ("identifier", name), 0
    for part in subterms(body):
        if part[0] == "argument_list":
            seen += sum(one == wanted for one in part[1:])
        elif part[0] == "conditional_expression" and part[1] == wanted:
            seen += all(isinstance(one, tuple) and one[0] in _CONSTANTS | {"identifier"} for one in (part[3], part[5]))
    return seen == sum(part == wanted for part in subterms(body))


def fixed_lines(old: str, value: str) -> list[tuple[str, str]]:
    """What stands for what where a parameter became a constant, the longer ones first."""
    chosen = [(f"{old} ? C : D", "C" if _TRUTH[value] else "D")] if value in ("true", "false") else []
    return [*chosen, (old, value)]


def holes_of(lines: Collection[str]) -> list[str]:
    """The declarations of what the lines of `fixed_lines` leave open."""
    return [f"expression {hole};" for hole in "CD" if any(re.search(rf"\b{hole}\b", line) for line in lines)]


def _uses(one: Followed, name: str) -> bool:
    return bool(name) and re.search(rf"(?<![>.\w]){name}\b", text_of(one.pair.old).partition("{")[2]) is not None


def _values_of(one: Followed, name: str, *, truth: bool) -> frozenset[str]:
    """The constants that explain each line of a body that named the parameter; a truth goes by its word."""
    before, after = (text_of(some).partition("{")[2] for some in (one.pair.old, one.pair.new))
    there = {" ".join(line.split()) for line in after.splitlines()}
    lines = [" ".join(line.split()) for line in before.splitlines() if re.search(rf"(?<![>.\w]){name}\b", line)]
    found = set[str]()
    for value in (*_TRUTH, "NULL"):
        if all(_given(line, name, value) in there for line in lines):
            found.add(str(_TRUTH[value]).lower() if truth and value in _TRUTH else value)
    return frozenset(found)


def _given(line: str, name: str, value: str) -> str:
    """A line with a constant in place of a parameter; what it decided between is decided."""
    if value in _TRUTH:
        kept = r"\1" if _TRUTH[value] else r"\2"
        line = re.sub(rf"(?<![>.\w]){name} \? (\w+) : (\w+)", kept, line)
    return re.sub(rf"(?<![>.\w]){name}\b", value, line)
