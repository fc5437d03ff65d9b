"""The initialiser of a structure -> what is known of its members: those that it names, and all others, which are zero (C11,
6.7.9p21).

The others have no names here.  What is known of them stands under one key (`work{}`, behind a pointer `work->{}`) whose constant
lists the members of which it says nothing: `.folio.done.`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.states.known import (
    ANY,
    CONSTANT,
    IDENTIFIER,
    IS_PLACE,
    POSITIVE,
    REST,
    ZERO,
    Facts,
    Known,
    frozen,
    identifiers,
    value_of,
)
from cocci_gen.code.texts.reading import arguments

_BRACES = re.compile(r"(?:\((?:const )?(?:struct )?\w+\) ?)?\{(.*)\}", re.S)
_NAMED = re.compile(r"\.(\w+)(\.\w+|\[.*?\])* ?= ?(.*)", re.S)
_NOTHING = frozenset({"", "0", "NULL"})


def begun(left: str, right: str) -> Known:
    """What is known behind `left = right`, where that is an initialiser which names the members that it sets; else nothing."""
    braces = _BRACES.fullmatch(right) if IDENTIFIER.fullmatch(left) else None
    if braces is None:
        return {}
    if braces[1].strip() in _NOTHING:
        return {f"{left}{REST}": (POSITIVE, ".")}
    named = [_NAMED.fullmatch(item) for item in arguments(braces[1]) if item]
    members = [one for one in named if one is not None]
    if len(members) < len(named):  # by their order, of which the structure knows
        return {}
    told: Known = {f"{left}{REST}": (POSITIVE, "".join(f".{one[1]}" for one in members) + ".")}
    plain = (one for one in members if not one[2] and CONSTANT.match(one[3]))
    return told | {f"{left}.{one[1]}": value_of(one[3], {}) for one in plain}


def behind_set(facts: Known, left: str, right: str) -> Known:
    """What is known of the members without names behind an assignment: nothing of one that it may set, nor of a structure whose
    address it hands out."""
    keys = [key for key in facts if key.endswith(REST)]
    if not keys:
        return facts
    now = dict(facts)
    for key in keys:
        base, signs, known = identifiers(key)[0], *facts[key]
        if re.search(rf"(?:& ?\(?|\*){base}\b|\b{base}\b(?! ?(?:\.|->))", right):
            del now[key]
            continue
        more = [name for name in identifiers(left)[1:] if f".{name}." not in known]
        if more:
            now[key] = signs, f"{known or '.'}{'.'.join(more)}."
    return now


def handed_on(argument: str, parameter: str, facts: Known) -> Iterator[tuple[str, tuple[int, str]]]:
    """What a parameter that is given the address of such a structure, `&work`, leads to."""
    base = argument.removeprefix("&").strip()
    if not argument.startswith("&") or f"{base}{REST}" not in facts:
        return
    for key, value in facts.items():
        if key == f"{base}{REST}":
            yield f"{parameter}->{REST}", value
        elif key.startswith(f"{base}.") and IS_PLACE.fullmatch(key) and value != (ANY, ""):
            yield f"{parameter}->{key.removeprefix(base)[1:]}", value


def given_to(graph: Graph, arguments: Iterable[str], known: Known | None = None) -> Facts:
    """What a call tells of its callee's parameters: the constants that it passes, and what is known of variables (`known`), be it
    what they do not equal, or what a structure is begun with whose address it hands over."""
    pairs = [(p.name, text) for p, text in zip(graph.parameters, arguments, strict=False) if p.name]
    told = {name: value_of(text, known or {}) for name, text in pairs}
    told |= {place: value for name, text in pairs for place, value in handed_on(text, name, known or {})}
    for key, value in (known or {}).items():
        place, equals, constant = key.partition(" == ")
        if equals and value[0] == ZERO:
            told |= {f"{name} == {constant}": value for name, text in pairs if text == place}
    return frozen({name: value for name, value in told.items() if value != (ANY, "")})
