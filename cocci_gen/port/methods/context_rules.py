"""ContextWays and the code at hand -> one semantic patch for each function of a method that went, or why a person has to do it.

Only what the way decides as a whole is carried over: a function that does nothing but hand its own parameters and a callback to
the helper, where neither the callback nor a method that moved with it uses what the context does not have.  All of it is one
rule, so that a file never has half of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.methods.body_uses import Recomputes
from cocci_gen.port.methods.context_helpers import Helper
from cocci_gen.port.methods.context_uses import lost_parameter
from cocci_gen.port.methods.contexts import ContextWay
from cocci_gen.port.methods.handings import handing_of
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.heads import NoHeadRule, head_rules
from cocci_gen.port.methods.moved_methods import MovedMethod
from cocci_gen.port.methods.parameter_lists import declaration_of
from cocci_gen.port.methods.returned import AsBefore
from cocci_gen.port.texts.instances import Code, Instance, Written, by_method, head_of
from cocci_gen.port.texts.own_uses import declarations_in, uses_beside_declarations
from cocci_gen.port.texts.parameters import name_of
from cocci_gen.port.texts.plain_text import blank_comments

#: Words that stand in front of brackets and call nothing.
_NO_CALL = frozenset({"if", "while", "for", "switch", "return", "sizeof", "do", "else"})
_CALL = re.compile(r"(?<![.>\w])([A-Za-z_]\w*)\s*\(")


@dataclass(frozen=True, slots=True)
class _Case:
    """One function of a method that went, with what moves with it."""

    function: Written
    helper: Helper
    callback: Written
    moved: tuple[tuple[MovedMethod, Written], ...]


class _Refused(Exception):
    """What keeps a function from being carried over, in words."""


def context_rules(ways: Iterable[ContextWay], code: Code) -> tuple[list[PortRule], list[tuple[ContextWay, NoHeadRule]]]:
    """The ways, and the code -> the rules, and the functions that they do not reach."""
    rules: list[PortRule] = []
    refused: list[tuple[ContextWay, NoHeadRule]] = []
    for way in ways:
        instances = by_method(code.instances({(way.gone.old.struct, way.gone.old.name)}))
        for one in instances.get((way.gone.old.struct, way.gone.old.name), ()):
            if not one.typed:
                continue
            try:
                rules.append(_rule(way, _case(way, one, code), code))
            except _Refused as reason:
                refused.append((way, NoHeadRule(one.function, str(reason))))
    return rules, refused


def _case(way: ContextWay, instance: Instance, code: Code) -> _Case:
    """What belongs together, checked; _Refused where something does not fit."""
    function = instance.function
    handing = handing_of(function)
    helper = next((one for one in way.helpers if handing is not None and one.old.name == handing[0]), None)
    if handing is None or helper is None:
        raise _Refused(_does_more(function, {one.old.name: one for one in way.helpers}))
    if not function.span.static:
        raise _Refused("other files may call it")
    callback = code.resolve(handing[1], function.path)
    if callback is None or not callback.path == function.path == instance.table_path:
        raise _Refused(f"{handing[1]}() stands in another file")
    _used_only(function, 2, code)
    _used_only(callback, 2, code)
    _follows(way, helper.plan, callback, {})
    near = _near(way, function, code)
    moved = tuple(_moved(way, one, function, near) for one in way.moved if _has(one, near))
    return _Case(function, helper, callback, moved)


def _does_more(function: Written, helpers: Mapping[str, Helper]) -> str:
    """Why a function is not one that hands its parameters on to a helper and does nothing else; the helpers by name."""
    code = blank_comments(function.text).decode("utf-8", "replace").partition("{")[2]
    calls = [name for name in dict.fromkeys(_CALL.findall(code)) if name not in _NO_CALL]
    known = [name for name in calls if name in helpers]
    if len(known) != 1:
        called = " and ".join(f"{name}()" for name in known) or "none of them"
        return f"of the helpers whose successors the tree shows ({', '.join(sorted(helpers))}) it calls {called}"
    others = ", ".join(f"{name}()" for name in calls if name not in known[:1])
    old, new = helpers[known[0]].old, helpers[known[0]].new
    step = f"{old.name}(), which is {new.name}() by now"
    if not re.search(rf"\breturn\s+{old.name}\s*\(", code):
        other = old.returns != new.returns
        told = f"{step} and returns `{new.returns}` instead of `{old.returns}`" if other else step
        return f"it does more than to return what it gets from {told}{f': it calls {others}' if others else ''}"
    if others:
        return f"beside {step}, it calls {others}"
    return f"it gives {step}, something else than its own parameters"


def _near(way: ContextWay, function: Written, code: Code) -> Code:
    """The code without the folders that have such functions of their own: what moves there moves with these."""
    tables = code.instances({(way.gone.old.struct, way.gone.old.name)})
    others = {posixpath.dirname(one.table_path) for one in tables} - {posixpath.dirname(function.path)}
    paths = [path for path in code.texts if posixpath.dirname(path) not in others]
    functions = {
        name: tuple(one for one in ones if posixpath.dirname(one.path) not in others)
        for name, ones in code.functions.items()
    }
    return Code(
        {path: code.texts[path] for path in paths}, {path: code.facts[path] for path in paths}, functions, code.held
    )


def _has(moved: MovedMethod, code: Code) -> bool:
    old = moved.plan.evolution.old
    return bool(code.instances({(old.struct, old.name)})) or any(
        entry.tag == old.struct and entry.method == old.name for facts in code.facts.values() for entry in facts.entries
    )


def _moved(way: ContextWay, moved: MovedMethod, function: Written, code: Code) -> tuple[MovedMethod, Written]:
    """The only function of a method that moved, in front of the one whose table names it."""
    old = moved.plan.evolution.old
    found = code.instances({(old.struct, old.name)})
    entries = sum(
        entry.method == old.name and entry.tag in (old.struct, "")
        for facts in code.facts.values()
        for entry in facts.entries
    )
    methods = len(code.instances({(way.gone.old.struct, way.gone.old.name)}))
    if len(found) != 1 or entries != 1 or methods != 1 or not found[0].typed:
        raise _Refused(f"which ->{old.name} belongs to it is not sure")
    one = found[0].function
    known = [one.span.start, *declarations_in(code.texts[one.path], one)]
    if one.path != function.path or found[0].table_path != function.path or min(known) > function.span.start:
        raise _Refused(f"{one.name}() does not stand in front of it")
    _used_only(one, 2, code)
    _follows(way, moved.plan, one, moved.pointed)
    return moved, one


def _used_only(function: Written, most: int, code: Code) -> None:
    """Nothing but its definition, a declaration in front of it, and the place that hands it on may name a function."""
    if uses_beside_declarations(function, code) != most:
        raise _Refused(f"{function.name}() is used elsewhere as well")


def _follows(way: ContextWay, plan: HeadPlan, function: Written, pointed: Mapping[int, str]) -> None:
    """Whether the head can follow, and the body uses nothing of which the way does not say what becomes."""
    head = head_of(function)
    if head is None or len(head.parameters) != len(plan.evolution.old.prototype.parameters):
        raise _Refused(f"{function.name}() has another head")
    if not isinstance(plan.values, AsBefore):
        raise _Refused(f"{function.name}() returns something else by now")
    if lost := lost_parameter(plan, function, pointed):
        instead = f"; {way.instead}" if way.instead else ""
        raise _Refused(f"{function.name}() uses `{lost}`, which nobody hands on any more{instead}")


def _rule(way: ContextWay, case: _Case, code: Code) -> PortRule:
    """All of it as one semantic patch."""
    old, path = way.gone.old, case.function.path
    stem = case.function.name.removesuffix(f"_{old.name}")
    now = {"start": f"{stem}_{way.method.name}", "entry": f"{stem}_{way.entry.name}", "table": f"{stem}{way.suffix}"}
    moved = {one.name: f"{stem}_{what.plan.evolution.new.name}" for what, one in case.moved}
    words = {word for text in code.texts.values() for word in re.findall(r"\w+", text.decode("utf-8", "replace"))}
    taken = sorted(words & {*now.values(), *moved.values()})
    if taken or way.name in re.findall(r"\w+", case.callback.text.decode("utf-8", "replace")):
        raise _Refused(f"{(taken or [way.name])[0]} means something else here")
    parts = _followed(case.helper.plan, case.callback)
    for what, one in case.moved:
        parts += _moved_parts(what, one, moved[one.name])
    parts += [_functions(way, case, now, moved), _entry(way, case, now["start"]), _include(way, code.texts[path])]
    title = (
        f".{old.name} = {case.function.name} becomes .{way.method.name} = {now['start']}, whose .{way.entry.name} calls "
        f"{case.helper.new.name}()"
    )
    names = frozenset({case.function.name, case.callback.name, *moved})
    return PortRule(
        f"{way.gone.id}.{case.function.name}", way.gone.id, title, "\n".join(parts), way.ground, (names,),
        frozenset({path}),
    )  # fmt: skip


def _followed(plan: HeadPlan, function: Written) -> list[str]:
    """The SmPL for a head, with a local for each parameter that is computed anew."""
    used = re.findall(r"\w+", function.text.decode("utf-8", "replace").partition("{")[2])
    head = head_of(function)
    names = [name_of(one) for one in head.parameters] if head is not None else []
    kept = {number: use for number, use in plan.uses.items() if isinstance(use, Recomputes) and names[number] in used}
    instance = Instance("", function.name, function, function.path, function.span.line, typed=True)
    rules, refused = head_rules(replace(plan, uses=kept), [instance])
    if refused or len(rules) != 1:
        raise _Refused(f"{function.name}() has another head")
    return [rules[0].text]


def _moved_parts(moved: MovedMethod, function: Written, name: str) -> list[str]:
    """What a parameter pointed to, the head, the name, and the entry of the old table."""
    head, old = head_of(function), moved.plan.evolution.old
    names = [name_of(one) for one in head.parameters] if head is not None else []
    context = moved.plan.names[0]
    parts = [
        f"@pointed_{number}@\nidentifier fn = {{{function.name}}};\nidentifier P = {{{names[number]}}};\n@@\n"
        f" fn(...)\n {{\n <...\n- *P\n+ {context}->{member}\n ...>\n }}\n"
        for number, member in moved.pointed.items()
        if names[number]
    ]
    parts += _followed(moved.plan, function)
    parts.append(
        f"@left@\nidentifier table;\n@@\n struct {old.struct} table = {{\n- .{old.name} = {function.name},\n }};\n\n"
        f"@named@\nidentifier fn = {{{function.name}}};\ntype R;\n@@\n R\n- fn\n+ {name}\n (...) {{ ... }}\n"
    )
    return parts


def _functions(way: ContextWay, case: _Case, now: Mapping[str, str], moved: Mapping[str, str]) -> str:
    """The function that stands in place of the old one, with the table that names it behind it."""
    entry, start = way.entry.prototype, way.method.prototype
    lines = [
        "",
        f"static const struct {way.tag} {now['table']} = {{",
        f"\t.{way.entry.name} = {now['entry']},",
        *(f"\t.{what.plan.evolution.new.name} = {moved[one.name]}," for what, one in case.moved),
        "};",
        "",
        f"static {declaration_of(start.returns, now['start'])}({way.initial})",
        "{",
        f"\t{way.name}->{way.member} = &{now['table']};",
        "",
        "\treturn 0;",
        "}",
    ]
    added = "\n".join(f"+{line}" if line.startswith("\t") else f"+ {line}".rstrip() for line in lines)
    return (
        f"@made@\nidentifier fn = {{{case.function.name}}};\ntype R;\nparameter list PL;\nexpression list ES;\n@@\n"
        f"- R\n+ {entry.returns}\n- fn\n+ {now['entry']}\n (\n- PL\n+ {way.initial}\n )\n {{\n"
        f"- return {case.helper.old.name}(ES);\n+ return {case.helper.new.name}({way.name}, {case.callback.name});\n }}\n"
        f"{added}\n"
    )


def _entry(way: ContextWay, case: _Case, start: str) -> str:
    old = way.gone.old
    return (
        f"@entry@\nidentifier table;\nsymbol {case.function.name}, {start};\n@@\n struct {old.struct} table = {{\n"
        f"- .{old.name} = {case.function.name}\n+ .{way.method.name} = {start}\n ,\n }};\n"
    )


def _include(way: ContextWay, text: bytes) -> str:
    """The header that declares the context, behind the last one of the kernel's."""
    header = way.header.removeprefix("include/")
    found: Sequence[str] = re.findall(r"(?m)^#include <(linux/[\w./-]+)>", text.decode("utf-8", "replace"))
    if header in found or not found:
        return ""
    there = f"@there@\n@@\n #include <{header}>\n\n"
    return f"{there}@include depends on !there@\n@@\n #include <{found[-1]}>\n+ #include <{header}>\n"
