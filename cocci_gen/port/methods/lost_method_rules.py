"""LostMethod and code at hand -> rules that take the method out of the tables that need it no more, each with the function that
nothing names any more then: a function that nobody can call is a warning, and no file system of the tree kept it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cocci_gen.code.texts.source import SourceEntry
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.methods.lost_methods import LostMethod
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.own_uses import declarations_in, uses_beside_declarations


def lost_method_rules(lost: Iterable[LostMethod], code: Code) -> Iterator[PortRule]:
    """The methods that went beside one that does their work, and the code -> one rule for each function that its tables name."""
    for one in lost:
        for path in code.texts:
            functions: dict[str, list[SourceEntry]] = defaultdict(list)
            for entry in _entries(one, code, path):
                functions[entry.function].append(entry)
            for name, entries in functions.items():
                yield _rule(one, name, entries, path, code)


def _entries(one: LostMethod, code: Code, path: str) -> Iterator[SourceEntry]:
    """The entries for a method in the tables of a file that name all that it needs beside."""
    entries = code.facts[path].entries
    for entry in entries:
        if (entry.tag, entry.method) == (one.gone.old.struct, one.gone.old.name):
            named = {other.method for other in entries if (other.tag, other.variable) == (entry.tag, entry.variable)}
            if named.issuperset(one.beside):
                yield entry


def _rule(one: LostMethod, name: str, entries: list[SourceEntry], path: str, code: Code) -> PortRule:
    struct, member = one.gone.old.struct, one.gone.old.name
    beside = "".join(f" .{other} = E{number},\n" for number, other in enumerate(one.beside))
    values = ", ".join(f"E{number}" for number in range(len(one.beside)))
    tables = sorted({entry.variable for entry in entries})
    text = (
        f"@entry@\nidentifier table = {{{', '.join(tables)}}};\nsymbol {name};\nexpression {values};\n@@\n"
        f" struct {struct} table = {{\n{beside}- .{member} = {name},\n }};\n"
    )
    title = f".{member} = {name} goes beside .{', .'.join(one.beside)}"
    function = code.resolve(name, path)
    if (
        function is not None
        and function.path == path
        and function.span.static
        and uses_beside_declarations(function, code) == 1 + len(entries)
    ):
        text += _without(name, declared=bool(declarations_in(code.texts[path], function)))
        title += f", and {name}() with it, which nothing else names"
    words = (frozenset({name}), frozenset({member}))
    return PortRule(f"{one.gone.id}.lost.{name}", one.gone.id, title, text, one.ground, words, frozenset({path}))


def _without(name: str, *, declared: bool) -> str:
    """The SmPL for a function that goes, with what declares it."""
    head = f"@{{}} depends on entry@\nidentifier fn = {{{{{name}}}}};\ntype T;\nparameter list PL;\n@@\n"
    parts = [head.format("declared") + "- static T fn(PL);\n"] if declared else []
    return "\n" + "\n".join([*parts, head.format("defined") + "- static T fn(PL) { ... }\n"])
