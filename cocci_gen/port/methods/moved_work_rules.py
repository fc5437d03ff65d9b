"""MovedWork and code at hand -> rules that make a function of one method one of another, with the entries of its tables.

All of it is one rule: a function with the one head under the other name would be called with what it does not take.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cocci_gen.code.texts.source import SourceEntry
from cocci_gen.port.headers.includes import includes_of
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.methods.moved_work import CALLBACK, MovedWork, work_of
from cocci_gen.port.texts.instances import Code, Written, head_of
from cocci_gen.port.texts.own_uses import declarations_in, uses_beside_declarations
from cocci_gen.port.texts.parameters import name_of


def moved_work_rules(ways: Iterable[MovedWork], code: Code) -> Iterator[PortRule]:
    """What the tree shows, and the code -> one rule for each function that nothing but tables of its file names, all of them for
    the old method and without the new one."""
    for one in ways:
        for path in code.texts:
            named: dict[str, list[SourceEntry]] = defaultdict(list)
            for entry in code.facts[path].entries:
                if (entry.tag, entry.method) == (one.struct, one.method):
                    named[entry.function].append(entry)
            for name, entries in named.items():
                function = code.resolve(name, path)
                if function is not None and function.path == path:
                    yield from _rules(one, function, entries, code)


def _rules(one: MovedWork, function: Written, entries: Sequence[SourceEntry], code: Code) -> Iterator[PortRule]:
    work, path, old = work_of(function), function.path, function.name
    text = code.texts[path]
    new = f"{old.removesuffix(one.method)}{one.successor}"
    tables = _tables(entries, code.facts[path].entries)
    alone = uses_beside_declarations(function, code) == 1 + len(entries) and not declarations_in(text, function)
    words = set(re.findall(r"\w+", text.decode("utf-8", "replace")))
    if work is None or work[0] != one.before or not alone or not old.endswith(one.method) or new in words:
        return
    head = head_of(function)
    if (
        head is None
        or head.returns != one.returns
        or work[1] in map(name_of, one.parameters)
        or any(one.successor in members for members in tables.values())
    ):
        return
    parts = [_function(one, old, new, work[1])]  # first: to SmPL, what was a symbol once is no function
    parts += [*(_entries(one, old, new, name, members) for name, members in tables.items()), _include(one, text)]
    title = f".{one.method} = {old} becomes .{one.successor} = {new}, which calls {one.after.helper}()"
    needed = (frozenset({old}), frozenset({one.before.helper}))
    name = f"{one.evolution}.moved.{old}"
    yield PortRule(name, one.evolution, title, "\n".join(filter(None, parts)), one.ground, needed, frozenset({path}))


def _tables(entries: Iterable[SourceEntry], every: Iterable[SourceEntry]) -> Mapping[str, frozenset[str]]:
    """The tables that some entries of a file stand in, with the members that each of them names."""
    members: dict[str, set[str]] = defaultdict(set)
    for entry in every:
        members[entry.variable].add(entry.method)
    return {entry.variable: frozenset(members[entry.variable]) for entry in entries}


def _entries(one: MovedWork, old: str, new: str, table: str, members: frozenset[str]) -> str:
    beside = "".join(f"+ .{name} = {value},\n" for name, value in one.beside if name not in members)
    symbols = "".join(f"symbol {name};\n" for name in (old, new, *(value for _, value in one.beside)))
    return (
        f"@entry_{table} depends on made@\nidentifier table = {{{table}}};\n{symbols}@@\n struct {one.struct} table = {{\n"
        f"- .{one.method} = {old},\n+ .{one.successor} = {new},\n{beside} }};\n"
    )


def _function(one: MovedWork, old: str, new: str, callback: str) -> str:
    """The SmPL for the function: its head, its name, and what it returns."""
    names = [name_of(parameter) for parameter in one.parameters]
    given = ", ".join(callback if place == CALLBACK else names[place] for place in one.after.given)
    return (
        f"@made@\nidentifier fn = {{{old}}};\ntype R;\nparameter list PL;\nexpression list ES;\n@@\n"
        f" R\n- fn(PL)\n+ {new}({', '.join(one.parameters)})\n {{\n"
        f"- return {one.before.helper}(ES);\n+ return {one.after.helper}({given});\n }}\n"
    )


def _include(one: MovedWork, text: bytes) -> str:
    """The header that declares the helper, behind the last one of the kernel's."""
    found: Sequence[str] = re.findall(r"(?m)^#include <(linux/[\w./-]+)>", text.decode("utf-8", "replace"))
    if one.header in includes_of(text) or not found:
        return ""
    return f"@include depends on made@\n@@\n #include <{found[-1]}>\n+ #include <{one.header}>\n"
