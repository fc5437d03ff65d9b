"""The functions that followed a changed method -> BodyUse, what became of an old parameter in their bodies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.texts.instances import Head, Written
from cocci_gen.port.texts.parameters import name_of

#: A local of the old name is the way when so many did so, and this share of all; half of a tree does its own thing.
FEWEST_LOCALS, _SHARE_OF_LOCALS = 3, 0.3
#: Renaming in the body needs this share of the functions that use the parameter.
_SHARE_OF_RENAMED = 0.8


@dataclass(frozen=True, slots=True)
class Renames:
    """The body uses the new parameter wherever it used the old one; `of` functions that use it, `shown` did so.

    Where it points to a pointer of another type, `stores` is what is made of what the body stores there, `reads` of what it reads
    (`{}` in them for that), "" where the tree shows neither.  What the body reached by a member of `itself` is the new parameter
    (`bdev->bd_disk`, `disk`).
    """

    shown: int
    of: int
    stores: str = ""
    reads: str = ""
    itself: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recomputes:
    """The body keeps the old name for a local with this type and initial value; `{0}` in it is the new parameter 0.  `back` is
    how one comes from such a local (`{}`) to what it was made of, "" where the tree does not show it."""

    type: str
    value: str
    shown: int
    of: int
    back: str = ""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The examples agree on nothing: the body is left to a person."""

    shown: int
    of: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """The parameter went and the bodies give a constant in its place; `shown` of `of` functions that used it did so."""

    value: str
    shown: int
    of: int


BodyUse = Renames | Recomputes | Leaves | Fixed


@dataclass(frozen=True, slots=True)
class Followed:
    """An instance that made the step: both heads, both texts."""

    pair: Pair
    before: Head
    after: Head


def text_of(function: Written) -> str:
    """The text of a function."""
    return function.text.decode("utf-8", "replace")


def use_of(pairs: Sequence[Followed], old: int, new: int) -> BodyUse:
    """What became of old parameter number `old` in the bodies; `new` is its successor's number, -1 for none."""
    locals_: Counter[tuple[str, str]] = Counter()
    users = renamed = 0
    for one in pairs:
        name = name_of(one.before.parameters[old]) if old < len(one.before.parameters) else ""
        body = text_of(one.pair.old).partition("{")[2]
        if not name or not re.search(rf"\b{name}\b", body):
            continue
        users += 1
        after = text_of(one.pair.new).partition("{")[2]
        mine = [name_of(parameter) for parameter in one.after.parameters]
        local = re.search(rf"^\s*((?:const )?(?:struct )?\w+ \**){name} = ([^;\n]+);", after, re.MULTILINE)
        if local and name not in mine and (value := _template(local.group(2), mine)):
            locals_[local.group(1).strip(), value] += 1
        elif new >= 0 and (mine[new] == name or not re.search(rf"\b{name}\b", after)):
            renamed += bool(re.search(rf"\b{mine[new]}\b", after))
        elif new < 0 and not re.search(rf"\b{name}\b", after):
            renamed += 0
    if locals_:
        (kind, value), count = locals_.most_common(1)[0]
        if count >= FEWEST_LOCALS and count >= _SHARE_OF_LOCALS * users:
            return Recomputes(kind, value, count, users)
    if new >= 0 and renamed >= _SHARE_OF_RENAMED * users:
        return Renames(renamed, users, itself=_members_that_are(pairs, old, new))
    return Leaves(renamed, users)


def _members_that_are(pairs: Sequence[Followed], old: int, new: int) -> tuple[str, ...]:
    """The members of old parameter number `old` in whose place bodies have the new parameter: enough of them in lines that are
    the same but for that, and hardly any that still names the member."""
    votes: dict[str, Counter[bool]] = {}
    for one in pairs:
        name, successor = name_of(one.before.parameters[old]), name_of(one.after.parameters[new])
        before, after = (text_of(some).partition("{")[2] for some in (one.pair.old, one.pair.new))
        there = {" ".join(line.split()) for line in after.splitlines()}
        for member in set(re.findall(rf"(?<![>.\w]){name}\s*->\s*(\w+)", before)) if name and successor else ():
            now = re.sub(rf"(?<![>.\w]){name}\s*->\s*{member}\b", successor, before).splitlines()
            changed = {" ".join(line.split()) for line in now} - {
                " ".join(line.split()) for line in before.splitlines()
            }
            if changed & there or re.search(rf"\b{member}\b", after):
                votes.setdefault(member, Counter())[bool(changed & there)] += 1
    return tuple(
        member for member, ones in sorted(votes.items())
        if ones[True] >= FEWEST_LOCALS and ones[True] >= _SHARE_OF_RENAMED * ones.total()
    )  # fmt: skip


def _template(value: str, parameters: Sequence[str]) -> str:
    """An expression that names a parameter, with `{number}` in its place; "" for one that names none, or a local."""
    used = False

    def mark(match: re.Match[str]) -> str:
        nonlocal used
        if match.group() in parameters:
            used = True
            return f"{{{parameters.index(match.group())}}}"
        return match.group()

    if "{" in value or "}" in value:
        return ""
    text = re.sub(r"(?<![\w.>])[A-Za-z_]\w*", mark, value)
    return text if used else ""
