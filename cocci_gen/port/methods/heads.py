"""A HeadPlan and the functions of the code at hand that implement its method -> the SmPL that gives them the new head."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import MethodRenamed, plain_type
from cocci_gen.port.changes.mentions import prototypes_in
from cocci_gen.port.methods.body_uses import BodyUse, Fixed, Recomputes, Renames, text_of
from cocci_gen.port.methods.fixed_values import fixed_lines, holes_of, in_place
from cocci_gen.port.methods.head_plans import (
    HeadChange,
    HeadPlan,
    fits,
    has_prototype,
    is_only_const,
    returns_fit,
    tags_between,
)
from cocci_gen.port.methods.nulls import may_be_null
from cocci_gen.port.methods.parameter_lists import (
    Shape,
    declaration_of,
    items_of,
    keeps_name,
    list_lines,
    marks_in,
    typedefs_in,
)
from cocci_gen.port.methods.returned import Unknown, is_turned, returns_a_value, returns_text, zeros_of, zeros_text
from cocci_gen.port.texts.instances import Head, Instance, Written, head_in, head_of
from cocci_gen.port.texts.parameters import Added, MovedAway, Removed, Retyped, name_of, without_name

_STILL = "the body still uses"


@dataclass(frozen=True, slots=True)
class HeadRule:
    """SmPL for the functions of one spelling of the old head, and whose it is."""

    text: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoHeadRule:
    """A function that no rule can be made for, and why; `still` is the name that its body still uses, if that is the reason."""

    function: Written
    reason: str
    still: str = ""

    def holds_in(self, body: str) -> bool:
        """Whether the reason is one in the body as it is by now: what used the name may have followed."""
        return not self.still or re.search(rf"(?<![>.\w]){self.still}\b", body) is not None


def head_rules(
    plan: HeadPlan, instances: Iterable[Instance], first: int = 0
) -> tuple[tuple[HeadRule, ...], tuple[NoHeadRule, ...]]:
    """The plan and the instances in the code at hand -> rules (numbered from `first`), and functions that need a person; those
    that have the new head already need nothing."""
    shapes: dict[Shape, list[str]] = {}
    refused: list[NoHeadRule] = []
    seen: set[tuple[str, int]] = set()
    for instance in instances:
        function = instance.function
        if (function.path, function.span.start) in seen:
            continue
        seen.add((function.path, function.span.start))
        head = head_of(function)
        if not instance.typed and (head is None or not fits(head, plan.evolution.old)):
            continue  # a method of the same name of some other structure
        if head is None:
            refused.append(NoHeadRule(function, "its head is made by a macro or split by a condition"))
        elif has_prototype(head, plan.evolution.new):
            continue
        elif not fits(head, plan.evolution.old):
            refused.append(
                NoHeadRule(function, f"its parameters are those of neither kernel: {', '.join(head.parameters)}")
            )
        elif _may_say_the_opposite(plan, head):
            told = f"it returns `{head.returns}`, and `{plan.evolution.new.prototype.returns}` is asked for by now"
            refused.append(
                NoHeadRule(function, f"{told}: what was 0 for success may be true for it, so it is left as it is")
            )
        elif pointer := _pointer_to_function(plan, head):
            refused.append(NoHeadRule(function, f"its head changes in `{pointer}`, which a semantic patch cannot say"))
        else:
            shape = _shape(plan, head, function)
            shapes.setdefault(shape, []).append(function.name)
    rules = [HeadRule(_render(plan, shape, sorted(set(ones)), number), tuple(sorted(set(ones))))
             for number, (shape, ones) in enumerate(shapes.items(), first)]  # fmt: skip
    return tuple(rules), tuple(refused)


def declaration_rules(
    plan: HeadPlan, instances: Iterable[Instance], texts: Iterable[bytes], first: int
) -> Iterator[HeadRule]:
    """The plan, the instances and the code that it compiles -> rules (numbered from `first`) for declarations that have the old
    head yet of functions that have the new one: the half that somebody forgot."""
    shapes: dict[Shape, set[str]] = {}
    listed = list(texts)
    for instance in instances:
        function, head = instance.function, head_of(instance.function)
        if head is None or not has_prototype(head, plan.evolution.new) or has_prototype(head, plan.evolution.old):
            continue
        for declared in {one for text in listed for one in _declared(function.name, text)}:
            if has_prototype(declared, plan.evolution.old) and not _pointer_to_function(plan, declared):
                shapes.setdefault(_shape(plan, declared, function), set()).add(function.name)
    for number, (shape, names) in enumerate(shapes.items(), first):
        yield HeadRule(_render(plan, shape, sorted(names), number, defined=False), tuple(sorted(names)))


def _declared(name: str, text: bytes) -> Iterator[Head]:
    """The heads with which a text declares a function."""
    for found in prototypes_in(name, text) if name.encode() in text else ():
        head = head_in(found[0].decode("utf-8", "replace"), name)
        if head is not None:
            yield head


def _pointer_to_function(plan: HeadPlan, head: Head) -> str:
    """A parameter that comes, goes or changes and is a pointer to a function, "" for none."""
    old, new = head.parameters, plan.evolution.new.prototype.parameters
    leave = (old[step.old] for step in plan.evolution.steps if isinstance(step, Retyped | Removed | MovedAway))
    come = (new[step.new] for step in plan.evolution.steps if isinstance(step, Retyped | Added))
    return next((one for one in (*leave, *come) if re.search(r"\(\s*\*", one)), "")


def _may_say_the_opposite(plan: HeadPlan, head: Head) -> bool:
    """Whether a function returns a number for what is true or false by now, or the other way round, of which the tree does not
    show what becomes: with another head, a compiler would take it, and it would say the opposite."""
    if not isinstance(plan.values, Unknown) or returns_fit(head, plan.evolution.new):
        return False
    return is_turned(head.returns, plan.evolution.new.prototype.returns)


def unsure_bodies(plan: HeadPlan, instances: Iterable[Instance]) -> tuple[NoHeadRule, ...]:
    """The functions that get the new head, but whose body uses a parameter of which the tree does not show what becomes of it."""
    found: dict[tuple[str, int, int], NoHeadRule] = {}
    only_const = {
        step.old for step in plan.evolution.steps if isinstance(step, Retyped) and is_only_const(plan.evolution, step)
    }
    uses = {number: use for number, use in plan.uses.items() if number not in only_const}
    for instance in instances:
        function, head = instance.function, head_of(instance.function)
        if head is None or not fits(head, plan.evolution.old):
            continue
        if _may_say_the_opposite(plan, head) or _pointer_to_function(plan, head):
            continue  # it keeps its head, and that is told
        returns = isinstance(plan.values, Unknown) and not returns_fit(head, plan.evolution.new)
        zeros = zeros_of(text_of(function), plan.evolution.new.prototype.returns)
        if returns and not zeros and returns_a_value(text_of(function)):
            reason = f"it returns `{head.returns}`, of which the tree does not show what becomes"
            found[function.path, function.span.start, -1] = NoHeadRule(function, reason)
        if fits(head, plan.evolution.new):
            continue
        body = text_of(function).partition("{")[2]
        for number, use in uses.items():
            name = name_of(head.parameters[number])
            blind = _blind(plan, head, function, number)
            if name and re.search(rf"(?<![>.\w]){name}\b", body):
                reason = _unsure(use, head.parameters[number], blind=blind)
                if reason:
                    still = name if reason.startswith(_STILL) else ""
                    found[function.path, function.span.start, number] = NoHeadRule(function, reason, still)
    return tuple(found.values())


def _unsure(use: BodyUse, parameter: str, *, blind: bool) -> str:
    """Why nobody can be sure of a body; "" where the tree agrees."""
    if isinstance(use, Recomputes) or (isinstance(use, Renames | Fixed) and use.of and not blind):
        return ""
    if isinstance(use, Fixed):
        asked = f"; {use.shown} of {use.of} functions of the tree give `{use.value}` in its place, but none asks or stores it"
        return f"{_STILL} `{parameter}`, which the new head does not have{asked}"
    if isinstance(use, Renames) and blind and use.of:
        return f"the body looks into `{parameter}`, whose successor points to something else"
    if isinstance(use, Renames):
        return f"the body uses the successor of `{parameter}` as before, for which the tree has no example"
    rest = f"; {use.shown} of {use.of} functions of the tree use its successor" if use.of else ""
    return f"{_STILL} `{parameter}`, which the new head does not have{rest}"


def _shape(plan: HeadPlan, head: Head, function: Written) -> Shape:
    replaced = tuple(
        (step.old, without_name(head.parameters[step.old]))
        for step in plan.evolution.steps
        if isinstance(step, Retyped | Removed | MovedAway)
    )
    changes = plain_type(plan.evolution.old.prototype.returns) != plain_type(plan.evolution.new.prototype.returns)
    returns = plan.evolution.new.prototype.returns if changes else ""
    kept = tuple(number for number in plan.uses if _blind(plan, head, function, number))
    zeros = zeros_of(text_of(function), returns)
    return Shape(replaced, len(head.parameters), _free_names(plan, head, function), returns, kept, zeros)


def _blind(plan: HeadPlan, head: Head, function: Written, number: int) -> bool:
    """Whether a body looks into a parameter for which no example shows that its successor can be used in its place, or asks or
    stores one that is a constant by now."""
    use, name = plan.uses[number], name_of(head.parameters[number])
    if isinstance(use, Fixed):
        return bool(name) and not in_place(function.text, name)
    if not isinstance(use, Renames) or not name:
        return False
    body = text_of(function).partition("{")[2]
    looked = re.search(rf"(?<![>.\w]){name}\s*(?:->|\[)|\*\s*{name}\b", body) is not None
    if _tags_of_pointers(plan.evolution, number) is None:
        return looked and not use.of
    return looked and (not (use.stores and use.reads) or may_be_null(body, name))


def _tags_behind(evolution: HeadChange) -> list[tuple[str, str]]:
    """What pointers to pointers lead to, before and after, where that changed."""
    numbers = [step.old for step in evolution.steps if isinstance(step, Retyped)]
    return [tags for number in numbers if (tags := _tags_of_pointers(evolution, number)) is not None][:1]


def _tags_of_pointers(evolution: HeadChange, number: int) -> tuple[str, str] | None:
    """The tags that a pointer to a pointer leads to before and after, where they differ."""
    for step in evolution.steps:
        if isinstance(step, Retyped) and step.old == number:
            tags = tags_between(evolution, step, "**")
            return tags if tags is not None and tags[0] != tags[1] else None
    return None


def _free_names(plan: HeadPlan, head: Head, function: Written) -> tuple[str, ...]:
    """The plan's names, others where the function uses them for something else."""
    own = {name_of(one) for one in head.parameters}
    leaving = {
        name_of(head.parameters[step.old])
        for step in plan.evolution.steps
        if isinstance(step, Retyped | Removed) and not isinstance(plan.uses.get(step.old), Recomputes)
    }
    body = text_of(function).partition("{")[2]
    names = list(plan.names)
    for step in plan.evolution.steps:
        if isinstance(step, Retyped | Added):
            name = names[step.new]
            declared = re.search(
                rf"(?m)^\s*(?:const |struct |union |enum |unsigned )*\w+[ \t*]+(?:[^;(]*,\s*\**)?{name}\s*[;=,\[]", body
            )
            if name in own - leaving or (declared and name not in leaving):
                names[step.new] = f"new_{name}"
    return tuple(names)


def _render(plan: HeadPlan, shape: Shape, functions: Sequence[str], number: int, *, defined: bool = True) -> str:
    """The rule for definitions, and those for declarations that stand elsewhere, with and without names; only the latter for
    what is not to be `defined` anew."""
    stem = re.sub(r"\W", "_", f"{plan.evolution.old.struct}_{plan.evolution.old.name}_{number}")
    items = items_of(plan, shape)
    said = [shape.returns, *(kind for item in items for kind in (item.old_type, item.new_type))]
    kinds, marks = (sorted({word for kind in said for word in words(kind)}) for words in (typedefs_in, marks_in))
    shared = [
        f"identifier fn = {{{', '.join(functions)}}};",
        *(f"parameter list[{item.run}] {item.keeps};" for item in items if item.keeps),
        *(f"typedef {kind};" for kind in kinds),
        *(f"attribute name {mark};" for mark in marks),
    ]
    names = [f"identifier {item.old_name};" for item in items if item.old_name and not item.arrives]
    returns = ["- R", f"+ {shape.returns}"] if shape.returns else []
    named, unnamed = list_lines(items, shape, named=True), list_lines(items, shape, named=False)
    body = _body(plan, shape)
    more = ["type R;"] if returns else []
    if any(re.search(r"\bX\b", line) for line in body):
        more += ["expression X;", *(f"struct {tags[1]} *F;" for tags in _tags_behind(plan.evolution))]
    more += holes_of(body)
    # A parameter that became const would be taken for the old one again.
    exact = " disable optional_qualifier" if any(item.new_type == f"const {item.old_type}" for item in items) else ""
    rules = [
        [f"@{stem}{exact}@", *shared, *names, *more, "@@", *returns, " fn(", *named, " )", *body],
        [f"@{stem}_declared{exact}@", *shared, *names, "type R;", "@@", *(returns or [" R"]), " fn(", *named, " );"],
        [f"@{stem}_unnamed{exact}@", *shared, "type R;", "@@", *(returns or [" R"]), " fn(", *unnamed, " );"],
    ]
    if any("[" in f"{item.old_type}{item.new_type}" for item in items) or any(map(marks_in, said[1:])):
        rules.pop()  # SmPL knows no array without a name, and no mark
    if not defined:
        return "\n\n".join("\n".join(rule) for rule in rules[1:]) + "\n"
    text = "\n\n".join("\n".join(rule) for rule in rules) + "\n"
    values = returns_text(plan.values, stem, functions) or zeros_text(shape.zeros, stem, functions)
    return f"{text}\n{values}" if values else text


def _body(plan: HeadPlan, shape: Shape) -> list[str]:
    """The body of the rule: locals that are computed anew, and uses of the old name that become the new one."""
    added, renamed = [], []
    for step in plan.evolution.steps:
        if not isinstance(step, Retyped | Removed):
            continue
        use = plan.uses.get(step.old)
        if isinstance(use, Recomputes):
            added.append(f"+ {declaration_of(use.type, f'P{step.old}')} = {use.value.format(*shape.names)};")
        elif isinstance(use, Renames) and isinstance(step, Retyped) and not _stays(plan, step, shape):
            renamed += _renamed(use, f"P{step.old}", shape.names[step.new])
        elif isinstance(use, Fixed) and step.old not in shape.kept:
            renamed += fixed_lines(f"P{step.old}", use.value)
    lines = [" {", *added]
    if len(renamed) == 1:
        lines += [" <...", f"- {renamed[0][0]}", f"+ {renamed[0][1]}", " ...>"]
    elif renamed:
        ways = [line for old, new in renamed for line in ("|", f"- {old}", f"+ {new}")][1:]
        lines += [" <...", "(", *ways, ")", " ...>"]
    elif added:
        lines.append(" ...")
    else:
        lines.append(" ...")
    return [*lines, " }"]


def _stays(plan: HeadPlan, step: Retyped, shape: Shape) -> bool:
    """Whether the uses of a parameter in the body stay as they are."""
    return step.old in shape.kept or keeps_name(plan, step)


def _renamed(use: Renames, old: str, new: str) -> list[tuple[str, str]]:
    """What stands for what in a body, the longer ones first: what is stored and read through a pointer has another type."""
    ways = []
    if use.stores and use.reads:
        ways = [
            (f"*{old} = NULL", f"*{new} = NULL"),
            (f"*{old} = {use.reads.replace('{}', 'F')}", f"*{new} = F"),
            (f"*{old} = X", f"*{new} = {use.stores.replace('{}', 'X')}"),
            (f"*{old}", use.reads.replace("{}", f"(*{new})")),
        ]
    ways += [(f"{old}->{member}", new) for member in use.itself]
    return [*ways, (old, new)]


def part_rule(evolution: MethodRenamed, parts: Iterable[str]) -> str:
    """The SmPL that gives a renamed method its new name in parts of initialisers that have these names: `.ops = { .old = f }`."""
    old, new = evolution.old.name, evolution.new.name
    stem = f"{evolution.old.struct}_{old}_part"
    change = f"- .{old}\n+ .{new}\n = E, }},"
    path = f"- .part.{old}\n+ .part.{new}\n = E,"
    ways = [
        ("", "{ .part = {\n" + change + " }"),
        ("_path", "{\n" + path + " }"),
        ("_of", "struct S table = { .part = {\n" + change + " };"),
        ("_path_of", "struct S table = {\n" + path + " };"),
    ]
    head = f"identifier part = {{{', '.join(sorted(parts))}}};\nidentifier S, table;\nexpression E;\n@@\n"
    alone = head.replace("identifier S, table;\n", "")
    return "\n".join(f"@{stem}{name}@\n{head if 'table' in text else alone} {text}\n" for name, text in ways)


def table_rule(evolution: MethodRenamed, but: Collection[str] = ()) -> str:
    """The SmPL that gives a renamed method its new name in tables, some aside, and where it is called or assigned through a
    pointer."""
    old, new, struct = evolution.old.name, evolution.new.name, evolution.old.struct
    stem = f"{struct}_{old}"
    table = f"table != {{{', '.join(sorted(but))}}}" if but else "table"
    return (
        f"@{stem}_table@\nidentifier {table};\nexpression E;\n@@\n"
        f" struct {struct} table = {{\n- .{old}\n+ .{new}\n = E,\n }};\n\n"
        f"@{stem}_use@\nstruct {struct} *E;\n@@\n E->\n- {old}\n+ {new}\n\n"
        f"@{stem}_of@\nstruct {struct} E;\n@@\n E.\n- {old}\n+ {new}\n"
    )
