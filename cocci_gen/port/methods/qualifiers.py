"""Macros of the code at hand that stand for a qualifier -> the instances whose head is the new one already, read through them.

`ATTR_CONST struct bin_attribute *attr`, with `#define ATTR_CONST const` for the new kernel and nothing behind it for older ones,
is how a module keeps one head for both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from cocci_gen.port.methods.head_plans import HeadPlan, has_prototype
from cocci_gen.port.texts.instances import Head, Instance, head_of

_DEFINED = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[ \t]+((?:const|volatile|__\w+)[ \t]*)?(?:/\*.*?\*/|//.*)?)?$", re.MULTILINE
)
_ANY = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)


def qualifiers_in(texts: Iterable[bytes]) -> dict[str, str]:
    """The macros that all their definitions in what the new kernel compiles have stand for one qualifier, or for nothing."""
    found: dict[str, set[str]] = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    for text in texts:
        for name in _ANY.findall(text):
            count[name.decode()] += 1
        for name, body in _DEFINED.findall(text):
            found[name.decode()].add(body.decode().strip())
            count[name.decode()] -= 1
    return {name: next(iter(ones)) for name, ones in found.items() if len(ones) == 1 and not count[name]}


def without_followed(
    plans: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    qualifiers: Mapping[str, str],
) -> dict[tuple[str, str], list[Instance]]:
    """The plans, the instances by structure and method, and the macros -> the instances without those that follow already."""
    kept = {key: list(ones) for key, ones in instances.items()}
    for plan in plans:
        key = (plan.evolution.old.struct, plan.evolution.old.name)
        kept[key] = [one for one in instances.get(key, ()) if not _follows(one, plan, qualifiers)]
    return kept


def _follows(one: Instance, plan: HeadPlan, qualifiers: Mapping[str, str]) -> bool:
    """Whether a head that names such a macro is the new one."""
    head = head_of(one.function)
    if head is None:
        return False
    returns, *parameters = (_read(part, qualifiers) for part in (head.returns, *head.parameters))
    plain = Head(returns, tuple(parameters))
    return plain != head and has_prototype(plain, plan.evolution.new)


def _read(part: str, qualifiers: Mapping[str, str]) -> str:
    words = re.sub(r"[A-Za-z_]\w*", lambda found: qualifiers.get(found[0], found[0]), part)
    return " ".join(words.split()) if words != part else part
