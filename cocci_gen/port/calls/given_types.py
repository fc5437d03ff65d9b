"""A function that takes another structure by now, and its calls -> the lines of those that give the new one, or the old one.

The words of a call do not tell: `posix_acl_chmod(idmap, inode, mode)` has as many arguments as before, and another rule may have
changed its line.  Where a parameter or local stands for what is given, its declaration does, and so does a cast.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.lessons.generalise import names_with_types
from cocci_gen.port.lessons.types import TypeIndex
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.parameters import Kept, Retyped
from cocci_gen.port.texts.terms import Term, function_term, subterms

_TAG = re.compile(r"\b(?:struct|union|enum)\s+(\w+)")
#: The structures that a parameter has by now, and had before, by its number.
_Slots = Mapping[int, tuple[str, str]]
#: What the words of an argument alone tell of it: a declared name, its address, a cast.
_BY_WORDS = TypeIndex({}, {})


def lines_by_type(change: FunctionChanged, code: Code, path: str) -> tuple[frozenset[int], frozenset[int]]:
    """What changed, and a file -> the lines of its functions of which all calls give the new structures by name, and the lines
    with calls in functions of which one gives an old one."""
    slots = _slots(change)
    right: set[int] = set()
    wrong: set[int] = set()
    name = change.old.name
    for span in code.facts[path].functions if slots else ():
        text = code.texts[path][span.start : span.end]
        body = function_term(text) if name.encode() in text else None
        if body is None:
            continue
        types = names_with_types(text)
        calls = [_fits(call, slots, types) for call in subterms(body) if _is_call(call, name)]
        if calls and all(calls):
            right |= set(range(span.line, span.line + text.count(b"\n") + 1))
        if any(fits is False for fits in calls):
            found = re.finditer(rb"(?<![.>\w])" + re.escape(name.encode()) + rb"[ \t]*\(", text)
            wrong |= {span.line + text.count(b"\n", 0, match.start()) for match in found}
    return frozenset(right), frozenset(wrong)


def _slots(change: FunctionChanged) -> dict[int, tuple[str, str]]:
    """None where anything else changed than types: then a call may be wrong otherwise."""
    found: dict[int, tuple[str, str]] = {}
    for step in change.steps if all(isinstance(step, Kept | Retyped) for step in change.steps) else ():
        if isinstance(step, Retyped):
            old, new = (_TAG.findall(one) for one in (change.old.parameters[step.old], change.new.parameters[step.new]))
            if len(new) == 1 and new != old:
                found[step.new] = (new[0], old[0] if len(old) == 1 else "")
    return found


def _is_call(term: Term, name: str) -> bool:
    return term[0] == "call_expression" and term[1] == ("identifier", name)


def _fits(call: Term, slots: _Slots, types: Mapping[str, str]) -> bool | None:
    """Whether a call gives the new structures; False where it gives an old one, None where neither is known."""
    given = [one for one in call[2][1:] if isinstance(one, tuple)]
    known = []
    for place, (new, old) in slots.items():
        tag = (_BY_WORDS.of_names(types, given[place]) or "") if place < len(given) else ""
        if tag and tag == old:
            return False
        known.append(tag == new)
    return True if known and all(known) else None
