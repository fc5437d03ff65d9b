"""StandIn and code at hand -> rules that give a table the method that the old kernel stood in for, with the one that went called
in it.  The function stays as it is: what it does with what it is handed is still right, and nobody else calls it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from cocci_gen.code.texts.source import SourceEntry
from cocci_gen.port.headers.new_homes import OwnIncludes
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.methods.stand_ins import StandIn
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import Code, Written

_LINUX = re.compile(r"(?m)^#include <(linux/[\w./-]+)>")


def stand_in_rules(ways: Iterable[StandIn], code: Code, headers: Includes) -> Iterator[PortRule]:
    """What stood in for a method, the code, and the headers of the new kernel -> a rule for each function that tables of its own
    file name for the method that went, and none of these has the other one."""
    includes = OwnIncludes(code.texts)
    for one in ways:
        for path, facts in code.facts.items():
            named: dict[str, list[SourceEntry]] = defaultdict(list)
            for entry in facts.entries:
                if (entry.tag, entry.method) == (one.gone.old.struct, one.gone.old.name):
                    named[entry.function].append(entry)
            for name, entries in named.items():
                function = code.resolve(name, path)
                if function is not None and function.path == path and not _have(one.other, entries, facts.entries):
                    have = headers.closure(includes.behind(path)[1])
                    missing = [each for each in one.headers if f"include/{each}" not in have]
                    yield from _rule(one, function, entries, code, missing)


def _have(other: str, entries: Iterable[SourceEntry], every: Iterable[SourceEntry]) -> bool:
    """Whether one of the tables that some entries stand in has the other method."""
    tables = {entry.variable for entry in entries}
    return any(entry.method == other and entry.variable in tables for entry in every)


def _rule(
    one: StandIn, function: Written, entries: Sequence[SourceEntry], code: Code, missing: Collection[str]
) -> Iterator[PortRule]:
    method, old, whole = one.gone.old.name, function.name, code.texts[function.path].decode("utf-8", "replace")
    new = f"{old.removesuffix(method)}{one.other}"
    found: Sequence[str] = _LINUX.findall(whole)
    if not old.endswith(method) or re.search(rf"\b{new}\b", whole) or (missing and not found):
        return
    written = new.join(one.text[:2]) + old + one.text[2]
    tables = sorted({entry.variable for entry in entries})
    entry = (
        f"@entry@\nidentifier table = {{{', '.join(tables)}}};\nsymbol {old};\n@@\n"
        f" struct {one.gone.old.struct} table = {{\n- .{method} = {old},\n+ .{one.other} = {new},\n }};\n"
    )
    # To SmPL, a function comes ahead of something, not behind, and what was a symbol once is none.
    first = min(entries, key=lambda entry: entry.line).variable
    text = "".join(f"+{line}\n" for line in [*written.strip().splitlines(), ""])
    head = f"@made depends on entry@\nidentifier table = {{{first}}};\n@@\n"
    made = f"{head}{text} struct {one.gone.old.struct} table = {{ ... }};\n"
    parts = [entry, made]
    if missing:
        lines = "".join(f"+ #include <{each}>\n" for each in missing)
        parts.append(f"@include depends on made@\n@@\n #include <{found[-1]}>\n{lines}")
    title = f".{method} = {old} becomes .{one.other} = {new}, which calls {old}() as the kernel did"
    words = (frozenset({old}), frozenset({method}))
    name = f"{one.gone.id}.stands_in.{old}"
    yield PortRule(name, one.gone.id, title, "\n".join(parts), one.ground, words, frozenset({function.path}))
