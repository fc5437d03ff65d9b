"""Macros that made a string of what they got, and do not any more -> rules that give them the string.

MODULE_IMPORT_NS had `__stringify(ns)` in its definition; now that reads `ns`, and the call `MODULE_IMPORT_NS("DMA_BUF")`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from cocci_gen.port.changes.declared import Macro
from cocci_gen.port.changes.evolutions import MacroTakesString
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.headers.new_homes import OwnIncludes
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.plain_text import plain

#: `MACRO(NAME)` at the beginning of a line, outside of functions.
_CALL = re.compile(rb"^([A-Z]\w*)\([ \t]*([A-Za-z_]\w*)[ \t]*\)[ \t]*;?[ \t]*\r?$", re.MULTILINE)
_DEFINITION = rb"^[ \t]*#[ \t]*define[ \t]+%s\([ \t]*(\w+)[ \t]*\)((?:[^\n\\]|\\\n|\\)*)"


def quoted_names(headers: tuple[Includes, Includes], texts: Mapping[str, bytes]) -> tuple[list[Met], list[PortRule]]:
    """The headers of both kernels and some code -> what it meets of such macros, and a rule for each name that it gives them."""
    given: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path, text in sorted(texts.items()):
        for match in _CALL.finditer(plain(text).code) if path.endswith(".c") else ():
            line = text.count(b"\n", 0, match.start()) + 1
            given[match[1].decode()][match[2].decode()].append(f"{path}:{line}")
    used: list[Met] = []
    rules: list[PortRule] = []
    for change in _changes(headers, texts, given) if given else ():
        names = given[change.old.name]
        used.append(Met(change, tuple(sorted(place for places in names.values() for place in places))))
        rules += [_rule(change, name) for name in sorted(names)]
    return used, rules


def _changes(
    headers: tuple[Includes, Includes], texts: Mapping[str, bytes], names: Iterable[str]
) -> Iterator[MacroTakesString]:
    """Those of some macros whose only definition made a string of the parameter, and uses it as it is by now."""
    includes = OwnIncludes(texts)
    system = frozenset[str]().union(*(includes.behind(path)[1] for path in texts if path.endswith(".c")))
    listed = sorted(names)
    found = [dict(_definitions(one, one.closure(system), listed)) for one in headers]
    for name in listed:
        if name in found[0] and name in found[1]:
            (before, was), (after, now) = found[0][name], found[1][name]
            if was and not now:
                yield MacroTakesString(before, after)


def _definitions(
    graph: Includes, headers: Iterable[str], names: Iterable[str]
) -> Iterator[tuple[str, tuple[Macro, bool]]]:
    """Each macro that is defined once, and whether it makes a string of its parameter."""
    ones: dict[str, list[tuple[Macro, bool]]] = defaultdict(list)
    listed = [(name, re.compile(_DEFINITION % name.encode(), re.MULTILINE)) for name in names]
    for path, text in graph.texts(sorted(headers)):
        for name, pattern in listed:
            for match in pattern.finditer(text) if name.encode() in text else ():
                parameter, body = match[1].decode(), match[2].decode("utf-8", "replace")
                makes = re.search(rf"\b__stringify\(\s*{parameter}\s*\)|(?<!#)#\s*{parameter}\b", body) is not None
                line = text.count(b"\n", 0, match.start()) + 1
                ones[name].append((Macro(name, 1, path, line), makes))
    return ((name, some[0]) for name, some in ones.items() if len(some) == 1)


def _rule(change: MacroTakesString, given: str) -> PortRule:
    macro = change.old.name
    text = f'@quoted@\ndeclarer name {macro};\nsymbol {given};\n@@\n- {macro}({given});\n+ {macro}("{given}");\n'
    title = f'{macro}({given}) becomes {macro}("{given}")'
    words = (frozenset({macro}), frozenset({given}))
    return PortRule(f"{change.id}.{given}", change.id, title, text, Declarations(), words)
