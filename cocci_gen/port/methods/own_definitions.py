"""Functions that a header of the kernel declares and the code at hand defines -> rules for their heads, as the header has them.

That is code of the tree: whoever changes the declaration of dquot_transfer() at his desk changes its definition with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Function, Method
from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MethodChanged
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.head_plans import HeadPlan, fits, unseen_use
from cocci_gen.port.methods.heads import NoHeadRule, head_rules, unsure_bodies
from cocci_gen.port.methods.returned import AsBefore, returns_a_value, values_of
from cocci_gen.port.texts.instances import Code, Instance, Written, head_of
from cocci_gen.port.texts.parameters import Added, Removed, Retyped, name_of


@dataclass(frozen=True, slots=True)
class OwnDefinition:
    """A function that changed, and its definition in the code."""

    evolution: FunctionChanged
    function: Written


def own_definitions(
    evolutions: Iterable[Evolution], code: Code, of_kernel: Collection[str]
) -> tuple[OwnDefinition, ...]:
    """What changed, the code, and those of its files that are files of a kernel -> the functions that have one definition there
    with the old prototype."""
    found = []
    for one in evolutions:
        ones = code.functions.get(one.old.name, ()) if isinstance(one, FunctionChanged) else ()
        if isinstance(one, FunctionChanged) and len(ones) == 1 and ones[0].path in of_kernel:
            head = head_of(ones[0])
            if head is not None and not ones[0].span.static and fits(head, _method(one.old)):
                found.append(OwnDefinition(one, ones[0]))
    return tuple(found)


def definition_rules(
    definitions: Iterable[OwnDefinition],
) -> tuple[list[PortRule], list[tuple[Evolution, NoHeadRule]]]:
    """The definitions -> rules for their heads, and the bodies that a person has to look at."""
    rules: list[PortRule] = []
    refused: list[tuple[Evolution, NoHeadRule]] = []
    for one in definitions:
        plan = _plan(one)
        instance = Instance("", one.function.name, one.function, one.function.path, one.function.span.line, typed=True)
        if not isinstance(plan.values, AsBefore) and returns_a_value(one.function.text.decode("utf-8", "replace")):
            reason = (
                f"it returns `{one.evolution.new.returns}` by now, so that its head and its values are left as they are"
            )
            refused.append((one.evolution, NoHeadRule(one.function, reason)))
            continue
        made, left = head_rules(plan, [instance])
        refused += [(one.evolution, each) for each in (*left, *unsure_bodies(plan, [instance]))]
        rules += [_rule(one, each.text) for each in made]
    return rules, refused


def _plan(one: OwnDefinition) -> HeadPlan:
    """How the head follows, of which there is no example: names from the header, else those of the definition."""
    old, new, head = one.evolution.old, one.evolution.new, head_of(one.function)
    change = MethodChanged(_method(old), _method(new), one.evolution.steps)
    uses = {step.old: unseen_use(change, step) for step in change.steps if isinstance(step, Retyped | Removed)}
    values = values_of(old.returns, new.returns, [])
    return HeadPlan(change, tuple(_names(one, head.parameters if head else ())), uses, (), 0, values)


def _names(one: OwnDefinition, there: tuple[str, ...]) -> Iterator[str]:
    stays = {step.new: step.old for step in one.evolution.steps if not isinstance(step, Added | Removed)}
    for number, parameter in enumerate(one.evolution.new.parameters):
        yield name_of(parameter) or (name_of(there[stays[number]]) if number in stays else f"arg{number}")


def _method(one: Function) -> Method:
    return Method("", Prototype(one.name, one.returns, one.parameters, one.text, one.line, one.line, "", ()), one.path)


def _rule(one: OwnDefinition, text: str) -> PortRule:
    title = f"{one.function.name}() as its header declares it now: {described(one.evolution).replace('`', '')}"
    words = (frozenset({one.function.name}),)
    return PortRule(f"{one.evolution.id}.own", one.evolution.id, title, text, Declarations(), words)
