"""NestedTables and code at hand -> a rule for each nest of tables, which goes whole: the call with the path in place of the
outermost table, the outer tables, which nothing names any more, and the empty element at the end of the innermost one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.tables.ended_array_rules import ended_text
from cocci_gen.port.tables.nested_tables import Nest, NestedTables, arrays_in, called_with, nest_of
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.plain_text import plain
from cocci_gen.port.texts.struct_arrays import StructArray


def nested_table_rules(nested: Iterable[NestedTables], code: Code) -> tuple[list[PortRule], frozenset[tuple[str, str]]]:
    """What the tree shows, and the code -> the rules, and the innermost tables (file and name) that they carry over."""
    rules: list[PortRule] = []
    carried: set[tuple[str, str]] = set()
    for one in nested:
        for path, text in code.texts.items():
            if one.gone.old.name.encode() in text:
                arrays = arrays_in(text, one.struct)
                rule = _rule(one, path, text, arrays)
                if rule is not None:
                    rules.append(rule[0])
                    carried.add((path, rule[1].name))
    return rules, frozenset(carried)


def _rule(
    one: NestedTables, path: str, text: bytes, arrays: Mapping[str, StructArray]
) -> tuple[PortRule, StructArray] | None:
    """The rule for a file that calls the function once, with a nest that nothing else names."""
    call = called_with(one.gone.old.name, text)
    nest = nest_of(call[0], one.member, arrays) if call is not None else None
    if call is None or nest is None or not nest.said <= one.lost or not _is_alone(nest, text):
        return None
    taker = one.used if call[1] else one.unused or one.used
    name, inner = one.gone.old.name, nest.inner
    last = inner.elements[-1] if inner.elements else None
    if not taker or (one.counted and (last is None or not (last.is_empty or last.entries))):
        return None  # a macro may be the end
    parts = [
        f'@call@\nsymbol {call[0]}, {inner.name};\n@@\n- {name}({call[0]})\n+ {taker}("{nest.path}", {inner.name})\n'
    ]
    parts += [
        f"@outer_{outer.name} depends on call@\nidentifier table = {{{outer.name}}};\n@@\n"
        f"- static struct {one.struct} table[] = {{ ... }};\n"
        for outer in nest.outer
    ]
    if one.counted and inner.ends_empty:
        parts.append(ended_text(one.struct, inner, " depends on call"))
    title = f'{name}({call[0]}) becomes {taker}("{nest.path}", {inner.name}), and the tables around {inner.name} go'
    words = (frozenset({name}), frozenset({inner.name}))
    rule = PortRule(
        f"{one.gone.id}.nest.{call[0]}", one.gone.id, title, "\n".join(parts), one.ground, words, frozenset({path})
    )
    return rule, inner


def _is_alone(nest: Nest, text: bytes) -> bool:
    """Whether a file names each table of a nest, all of them static, where it is defined and where the next one out (or the call)
    hands it on, and nowhere else."""
    tables: Sequence[StructArray] = (*nest.outer, nest.inner)
    code = plain(text).code.decode("latin-1")
    return all(one.static and len(re.findall(rf"\b{one.name}\b", code)) == 2 for one in tables)
