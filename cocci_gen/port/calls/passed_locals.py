"""The code at hand and what changed -> rules for locals that only pass between functions which take another structure now.

`struct page *page; err = elm_write_begin(..., &page, ...); ... elm_write_end(..., page, ...);`: the one stores a folio there by
now and the other wants one, so the local is one.  A local that anything else touches stays: what it is made of, or who looks
into it, would have to follow too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MethodChanged, MethodRenamed
from cocci_gen.port.lessons.generalise import names_with_types
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.lessons.types import TypeIndex
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.heads import NoHeadRule
from cocci_gen.port.texts.instances import Code, Instance, Written
from cocci_gen.port.texts.parameters import Retyped, without_name
from cocci_gen.port.texts.terms import Term, function_term, subterms

_POINTED = re.compile(r"struct (\w+) (\*\*?)")
_LOCAL = re.compile(r"^[ \t]+struct (\w+) \*(\w+)( = NULL)?;", re.MULTILINE)


_Change = FunctionChanged | MethodChanged | MethodRenamed


@dataclass(frozen=True, slots=True)
class _Slot:
    """What a parameter points to before and after, through so many stars, and the evolution by which it changed."""

    before: str
    after: str
    stars: int
    change: _Change


#: By the structure of a method ("" for a function), the name of what is called, and the number of the parameter.
_Slots = Mapping[tuple[str, str, int], _Slot]


@dataclass(frozen=True, slots=True)
class PassedLocals:
    """Rules for the locals that follow, and the functions with one that does not though a method stores something else there."""

    rules: tuple[PortRule, ...]
    left: tuple[tuple[Evolution, NoHeadRule], ...]


def passed_locals(
    code: Code,
    plans: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    evolutions: Iterable[Evolution],
    types: TypeIndex,
) -> PassedLocals:
    """The code, the methods that changed with their instances in it, all that changed, and the types of both -> one rule for each
    such local."""
    alone = {name for name, ones in code.functions.items() if len(ones) == 1}
    slots = {
        key: slot for key, slot in _slots(plans, instances, evolutions) if key[1] in alone or key[1] not in code.functions
    }  # fmt: skip
    tags = {one.before for one in slots.values() if one.stars == 2}
    every = (one for ones in code.functions.values() for one in ones) if tags else ()
    found = [one for function in every for one in _of_function(function, tags, slots, types)]
    rules = tuple(_rule(one) for one in found if one.follows and one.function.name in alone)
    left = tuple(
        (one.change, NoHeadRule(one.function, one.reason))
        for one in found
        if not (one.follows and one.function.name in alone) and not isinstance(one.change, FunctionChanged)
    )
    return PassedLocals(rules, left)


@dataclass(frozen=True, slots=True)
class _Local:
    """A local (its old and new tag, names and first value) of a function where something else is stored by now, by which change,
    and whether nothing else touches it."""

    function: Written
    tags: tuple[str, str]
    names: tuple[str, str]
    value: str
    change: _Change
    follows: bool

    @property
    def reason(self) -> str:
        """Why it is left to a person."""
        name = self.names[0]
        return f"`&{name}` is given where a `struct {self.tags[1]} *` is stored by now, and the body does more with `{name}`"


def _slots(
    plans: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    evolutions: Iterable[Evolution],
) -> Iterator[tuple[tuple[str, str, int], _Slot]]:
    for one in evolutions:
        if isinstance(one, FunctionChanged):
            for number, slot in _retyped(one.old.parameters, one.new.parameters, one):
                yield ("", one.old.name, number), slot
    for plan in plans:
        method = plan.evolution
        old, new = method.old.prototype.parameters, method.new.prototype.parameters
        for number, slot in _retyped(old, new, method):
            yield (method.old.struct, method.old.name, number), slot
            for instance in instances.get((method.old.struct, method.old.name), ()):
                yield ("", instance.function.name, number), slot


def _retyped(old: Sequence[str], new: Sequence[str], change: _Change) -> Iterator[tuple[int, _Slot]]:
    for step in change.steps:
        if isinstance(step, Retyped):
            both = [_POINTED.fullmatch(without_name(one)) for one in (old[step.old], new[step.new])]
            if both[0] and both[1] and both[0][2] == both[1][2] and both[0][1] != both[1][1]:
                yield step.old, _Slot(both[0][1], both[1][1], len(both[0][2]), change)


def _of_function(function: Written, tags: Iterable[str], slots: _Slots, types: TypeIndex) -> Iterator[_Local]:
    text = function.text.decode("utf-8", "replace")
    declared = [one for one in _LOCAL.findall(text) if one[0] in tags and f"&{one[1]}" in text]
    body = function_term(function.text) if declared else None
    if body is None:
        return
    given = list(_given(function.text, body, slots, types))
    named = Counter(str(part[1]) for part in subterms(body) if part[0] == "identifier")
    taken = {*named, *names_with_types(function.text)}
    for tag, name, value in dict.fromkeys(declared):
        mine = [slot for one, slot in given if one == name]
        stored = [slot for slot in mine if slot.stars == 2 and slot.before == tag]
        if stored:
            after = stored[0].after
            # It stands once where it is declared; a second local of the name would be declared twice.
            whole = len(mine) + 1 == named[name] and {(slot.before, slot.after) for slot in mine} == {(tag, after)}
            names = (name, name if after in taken else after)
            yield _Local(function, (tag, after), names, value, stored[0].change, whole)


def _given(text: bytes, body: Term, slots: _Slots, types: TypeIndex) -> Iterator[tuple[str, _Slot]]:
    """The names that calls of a function give for what changed, or whose address they give for it."""
    names = names_with_types(text)
    for part in subterms(body):
        if part[0] == "call_expression":
            called = _called(part[1], names, types)
            for number, argument in enumerate(one for one in part[2][1:] if isinstance(one, tuple)):
                slot = slots.get((*called, number)) if called else None
                stars = 2 if argument[0] == "pointer_expression" and argument[1] == "&" else 1
                inner = argument[2] if stars == 2 else argument
                if slot is not None and slot.stars == stars and inner[0] == "identifier":
                    yield str(inner[1]), slot


def _called(callee: Term, names: Mapping[str, str], types: TypeIndex) -> tuple[str, str] | None:
    """The structure ("" for a function) and the name of what is called."""
    if isinstance(callee, tuple) and callee[0] == "identifier":
        return "", str(callee[1])
    if isinstance(callee, tuple) and callee[0] == "field_expression":
        tag = types.of_names(names, callee[1])
        return (tag, str(callee[3][1])) if tag else None
    return None


def _rule(one: _Local) -> PortRule:
    name, fresh = one.names
    stem = re.sub(r"\W", "_", f"passed_{one.function.name}_{name}")
    head = f"identifier fn = {{{one.function.name}}};\n"
    declared = [f"struct {tag} *{local}{one.value};" for tag, local in zip(one.tags, one.names, strict=True)]
    steps = [(stem, *declared)]
    if fresh != name:
        steps.append((f"{stem}_used depends on {stem}", name, fresh))
    text = "\n".join(
        f"@{rule}@\n{head}@@\n fn(...)\n {{\n <...\n- {old}\n+ {new}\n ...>\n }}\n" for rule, old, new in steps
    )
    title = f"{one.function.name}() has a `struct {one.tags[1]} *` of what stores one by now"
    words = (frozenset({one.function.name}), frozenset({name}))
    cause = one.change.id
    return PortRule(f"{cause}.passed.{one.function.name}.{name}", cause, title, text, Declarations(), words)
