"""A function before and after, and a name that follows another one -> the calls whose value is used otherwise by now.

`if (strlcpy(d, s, n) >= n)` that became `if (strscpy(d, s, n) < 0)` shows that the name follows, and that what it returns means
something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from cocci_gen.port.lessons.generalise import Function
from cocci_gen.port.texts.terms import Term, subterms

_AROUND = ("cast_expression", "parenthesized_expression")
_SETS = ("assignment_expression", "init_declarator")


def used_otherwise(function: Function, left: str, right: str) -> frozenset[int]:
    """The ids of the names `left` of the old function, called for their value, of which what uses it changed by more than the
    name; where a variable takes it, what the variable is compared with counts as well."""
    old, new = _blurred(function.old, left), _blurred(function.new, right)
    now = set(subterms(new))
    found = set()
    for user, blurred in zip(subterms(function.old), subterms(old), strict=True):
        for call in _calls(user, left):
            if blurred not in now or not now.issuperset(_compared(blurred, old)):
                found.add(id(call[1]))
    return frozenset(found)


def uses_of(function: Function, name: str) -> int:
    """How many calls of a function hand their value to what is around them in the old function."""
    return sum(1 for user in subterms(function.old) for _ in _calls(user, name))


def _calls(user: Term, name: str) -> Iterator[Term]:
    """The calls of a name whose value a term uses, behind casts and brackets."""
    if not isinstance(user, tuple) or user[0] in (*_AROUND, "expression_statement"):
        return
    for part in user[1:]:
        inner = part
        while isinstance(inner, tuple) and inner[0] in _AROUND:
            inner = next((one for one in reversed(inner) if isinstance(one, tuple)), "")
        if isinstance(inner, tuple) and inner[0] == "call_expression" and inner[1] == ("identifier", name):
            yield inner


def _blurred(term: Term, name: str) -> Term:
    """The same term, the name of a function that is called as if it had none."""
    if not isinstance(term, tuple):
        return term
    parts = tuple(_blurred(part, name) for part in term[1:])
    called = term[0] == "call_expression" and term[1] == ("identifier", name)
    return (term[0], ("identifier", ""), *parts[1:]) if called else (term[0], *parts)


def _compared(user: Term, whole: Term) -> list[Term]:
    """The comparisons in a function of the variable that takes a value, if one does."""
    if not isinstance(user, tuple) or user[0] not in _SETS:
        return []
    return [part for part in subterms(whole) if part[0] == "binary_expression" and user[1] in part[1:]]
