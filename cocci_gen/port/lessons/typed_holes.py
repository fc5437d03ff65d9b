"""A learned template, what changed and the new headers -> its metavariables that may stand for things of one type alone.

The functions that show `page_mapped(page)` as `folio_mapped(folio)` had the folio in the page's place by then; a page is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from cocci_gen.port.changes.declared import Declared, Function
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, FunctionGone
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.texts.parameters import Retyped, without_name
from cocci_gen.port.texts.terms import HOLE, Term, subterms

_POINTED = re.compile(r"\bstruct (\w+) \*")


def typed_holes(
    template: Template, changes: Mapping[str, Evolution], headers: Callable[[str], Declared]
) -> Iterator[tuple[int, str, bool]]:
    """The metavariables that a call hands on as they are although the parameter has another structure now, or the function that
    follows one that went takes another one: what stands for them must have that type itself (number, tag, pointer)."""
    for call in subterms(template.left):
        change = changes.get(_callee(call))
        if isinstance(change, FunctionChanged):
            slots = {step.old: step.new for step in change.steps if isinstance(step, Retyped)}
            yield from _retyped(call, template, change.old, change.new, slots)
        elif isinstance(change, FunctionGone):
            beside = headers(change.old.path).functions
            for other in subterms(template.right):
                for new in beside.get(_callee(other), ())[:1]:
                    given, now = _arguments(call), _arguments(other)
                    slots = {place: now.index(one) for place, one in enumerate(given) if one in now}
                    yield from _retyped(call, template, change.old, new, slots)


def _retyped(
    call: Term, template: Template, old: Function, new: Function, slots: Mapping[int, int]
) -> Iterator[tuple[int, str, bool]]:
    """The metavariables that stand for a parameter of one function and for one with another structure (`slots`) of the next."""
    given = _arguments(call)
    taken = [_arguments(other) for other in subterms(template.right) if _callee(other) == new.name]
    for place, to in slots.items():
        if place >= min(len(given), len(old.parameters)) or to >= len(new.parameters):
            continue
        tags = [_POINTED.findall(without_name(one)) for one in (old.parameters[place], new.parameters[to])]
        hole = given[place]
        if not isinstance(hole, tuple) or hole[0] != HOLE or not tags[1] or tags[0] == tags[1]:
            continue
        if any(len(other) > to and other[to] == hole for other in taken):
            yield hole[1], tags[1][0], True


def _callee(term: Term) -> str:
    """The function that a term calls by name, "" for none."""
    if isinstance(term, tuple) and term[0] == "call_expression" and isinstance(term[1], tuple):
        return term[1][1] if term[1][0] == "identifier" else ""
    return ""


def _arguments(call: Term) -> list[Term]:
    """The arguments of a call."""
    return [part for part in call[2][1:] if isinstance(part, tuple)]
