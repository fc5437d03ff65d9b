"""A HeadPlan and one spelling of the old head -> the parts of its parameter list, and how SmPL gives it the new one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cocci_gen.port.methods.body_uses import Recomputes
from cocci_gen.port.methods.head_plans import BASIC, HeadPlan, is_only_const
from cocci_gen.port.texts.parameters import Added, Kept, MovedAway, MovedHere, Removed, Retyped, without_name

#: What may stand beside a type, and is none.
_QUALIFIERS = frozenset({"const", "volatile", "struct", "union", "enum"})
#: Types that SmPL knows by themselves, and does not let anybody announce.
_SMPL = frozenset({"size_t", "ssize_t", "ptrdiff_t"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What the functions of one rule share."""

    replaced: tuple[tuple[int, str], ...]  # number and type of each parameter that does not stay
    count: int
    names: tuple[str, ...]
    returns: str
    kept: tuple[int, ...]  # old parameters whose uses in the body stay as they are
    zeros: str = ""  # how 0 is returned by functions that return nothing by now, and nothing else before (`zeros_of`)


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a parameter list: a run of parameters that stay, or one that goes, comes, or does both."""

    keeps: str = ""
    run: int = 0
    old_type: str = ""
    old_name: str = ""
    new_type: str = ""
    new_name: str = ""
    arrives: bool = False


def items_of(plan: HeadPlan, shape: Shape) -> list[Item]:
    """A plan and one spelling of the old head -> the parts of the new parameter list, in order."""
    old_types = dict(shape.replaced)
    new = plan.evolution.new.prototype.parameters
    items: list[Item] = []
    for step in plan.evolution.steps:
        match step:
            case Kept():
                if items and items[-1].keeps:
                    items[-1] = replace(items[-1], run=items[-1].run + 1)
                else:
                    items.append(Item(keeps=f"PL{len(items)}", run=1))
            case Retyped(old=i, new=j):
                name = f"P{i}" if keeps_name(plan, step) else shape.names[j]
                items.append(Item("", 0, old_types[i], f"P{i}", without_name(new[j]), name))
            case Added(new=j) if items and items[-1].new_name and not items[-1].old_type and not items[-1].arrives:
                before = declaration_of(items[-1].new_type, items[-1].new_name)  # one line, or spatch breaks it
                items[-1] = replace(items[-1], new_type=f"{before}, {without_name(new[j])}", new_name=shape.names[j])
            case Added(new=j):
                items.append(Item(new_type=without_name(new[j]), new_name=shape.names[j]))
            case Removed(old=i) | MovedAway(old=i):
                items.append(Item(old_type=old_types[i], old_name=f"P{i}"))
            case MovedHere(old=i):
                items.append(Item(new_type=old_types[i], new_name=f"P{i}", arrives=True))
    return items


def list_lines(items: Iterable[Item], shape: Shape, *, named: bool) -> list[str]:
    """The lines between the brackets; a comma stands before each parameter that has one before it in its own list."""
    listed = list(items)
    if not listed:
        return [" void"]
    lines = [] if shape.count else ["- void"]
    had = has = False
    for item in listed:
        leaves, comes = bool(item.keeps or item.old_type), bool(item.keeps or item.new_type)
        sign = {(True, True): " ,", (True, False): "- ,", (False, True): "+ ,"}.get((had and leaves, has and comes), "")
        if sign == "+ ," and not item.keeps:  # one line, or spatch breaks it
            sign, comma = "", ", "
        else:
            comma = ""
        lines += [sign] if sign else []
        if item.keeps:
            lines.append(f" {item.keeps}")
        if item.old_type:
            lines.append(f"- {declaration_of(item.old_type, item.old_name if named else '')}")
        if item.new_type:
            lines.append(f"+ {comma}{declaration_of(item.new_type, item.new_name if named else '')}")
        had, has = had or leaves, has or comes
    return [*lines, "+ void"] if had and not has else lines  # `()` is no prototype


def declaration_of(kind: str, name: str) -> str:
    """`struct page **` and `pagep` -> `struct page **pagep`, `struct page *[]` and `pages` -> `struct page *pages[]`."""
    start, bracket, sizes = kind.partition("[")
    return f"{start}{'' if start.endswith('*') or not name else ' '}{name}{bracket}{sizes}"


def typedefs_in(kind: str) -> set[str]:
    """The words of a type that SmPL has to be told are types."""
    tagged, words = _untagged(kind)
    plain = [word for word in words if not word.startswith("__")]
    marked = tagged != kind or plain or set(re.findall(r"\w+", tagged)) & (BASIC - _QUALIFIERS)
    # `__u8 *` is a type; `char __user *` is one already without the mark.
    return set(plain if marked else words) - _SMPL


def marks_in(kind: str) -> set[str]:
    """The words of a type that SmPL has to be told are marks (`__user`, `__rcu`)."""
    return {word for word in _untagged(kind)[1] if word.startswith("__")} - typedefs_in(kind)


def _untagged(kind: str) -> tuple[str, list[str]]:
    """A type without its tags, and its words that C does not know."""
    tagged = re.sub(r"\b(?:struct|union|enum)\s+\w+", " ", kind)
    return tagged, [word for word in re.findall(r"[A-Za-z_]\w*", tagged) if word not in BASIC]


def keeps_name(plan: HeadPlan, step: Retyped) -> bool:
    """Whether a parameter is what it was, so that a body that uses it can go on by the name that its author gave it."""
    return is_only_const(plan.evolution, step) and not isinstance(plan.uses.get(step.old), Recomputes)
