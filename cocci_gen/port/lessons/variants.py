"""A learned rule -> the same rule for other spellings of what it changes, which mean the same.

`E->fl_pid` and `E.fl_pid` are one member.  `a = b = c = V` stores one value in all of them in whatever order they stand, if all
are of one type; and what stands in front of the value in such a chain takes what the new side gives back.  Where one comparison
became another (`f(d, s, n) >= n`, `g(d, s, n) < 0`), the opposite of the one is the opposite of the other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cocci_gen.port.changes.evolutions import Evolution, MemberGone
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.losses import Definition
from cocci_gen.port.lessons.places import bases_of
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.texts.terms import HOLE, Term, holes_in, names_in, subterms

#: Chains of more members than this have too many orders.
_LONGEST_CHAIN = 3
#: What a function gives back, and the last argument of a call.
_RETURNED = re.compile(r"\breturn (\w+);")
#: What is true where the other one is not.
_OPPOSITES = {"<": ">=", ">": "<=", "==": "!="}
_OPPOSITES |= {opposite: sign for sign, opposite in _OPPOSITES.items()}
_STORED_LAST = re.compile(r"\b\w+\([^;(]*,\s*(\w+)\);")


def with_variants(
    learned: Sequence[LearnedRule], changes: Mapping[str, Evolution], definition: Definition
) -> Iterator[LearnedRule]:
    """Learned rules in their order, the evolutions by name and the definitions of the new kernel -> the rules, each with its
    variants behind it; what was learned itself is no variant."""
    known = {one.template.left for one in learned}
    for rule in learned:
        yield rule
        for template in _variants(rule.template, changes, definition):
            if template.left not in known:
                known.add(template.left)
                yield replace(rule, template=template, bases=bases_of(template.left))


def _variants(template: Template, changes: Mapping[str, Evolution], definition: Definition) -> Iterator[Template]:
    if template.contexts:
        return
    yield from _other_access(template)
    yield from _opposite(template)
    targets, value = _chain(template.left)
    types = {_type(one, changes) for one in targets}
    if not targets or len(types) != 1 or not types <= _structures(types) or len(targets) > _LONGEST_CHAIN:
        return
    orders = [replace(template, left=_chained(order, value)) for order in itertools.permutations(targets)]
    yield from orders
    if _gives_back(template.right, definition):
        number = max(holes_in(template.left), default=-1) + 1
        between: Term = (HOLE, number)
        for one in orders:
            left = _chained((*_chain(one.left)[0], between), value)
            yield replace(one, left=left, right=("assignment_expression", between, "=", template.right))


def _structures(types: Iterable[str]) -> set[str]:
    """Those of some types of which a value is never made narrower on its way through a chain."""
    return {one for one in types if one.startswith("struct ") and "*" not in one}


def _other_access(template: Template) -> Iterator[Template]:
    """A member that became another one of the same structure, reached by `.` where the rule has `->`, and the other way round."""
    left, right = template.left, template.right
    if not (isinstance(left, tuple) and left[0] == "field_expression" and len(left) == 4):
        return
    base = left[1]
    if not (isinstance(base, tuple) and base[0] == HOLE and isinstance(right, tuple)):
        return
    if right[0] != "field_expression" or list(holes_in(right)) != [base[1]]:
        return
    other = "." if left[2] == "->" else "->"
    inner = [part for part in subterms(right) if part[0] == "field_expression" and part[1] == base]
    if len(inner) == 1 and inner[0][2] == left[2]:
        swapped = (*inner[0][:2], other, inner[0][3])
        yield replace(template, left=(*left[:2], other, left[3]), right=_with(right, inner[0], swapped))


def _opposite(template: Template) -> Iterator[Template]:
    """A comparison that became another one, both turned round."""
    sides = [_turned(one) for one in (template.left, template.right)]
    if all(sides):
        yield replace(template, left=sides[0], right=sides[1])


def _turned(term: Term) -> Term:
    """The opposite of a comparison, "" for all else."""
    if not (isinstance(term, tuple) and term[0] == "binary_expression" and term[2] in _OPPOSITES):
        return ""
    return (*term[:2], _OPPOSITES[term[2]], term[3])


def _with(term: Term, old: Term, new: Term) -> Term:
    if term == old:
        return new
    return (term[0], *(_with(part, old, new) for part in term[1:])) if isinstance(term, tuple) else term


def _chain(term: Term) -> tuple[tuple[Term, ...], Term]:
    """The targets of a chain of plain assignments, in order, and its value; no targets where it is none."""
    targets: list[Term] = []
    while isinstance(term, tuple) and term[0] == "assignment_expression" and term[2] == "=":
        targets.append(term[1])
        term = term[3]
    return tuple(targets), term


def _chained(targets: Sequence[Term], value: Term) -> Term:
    for target in reversed(targets):
        value = ("assignment_expression", target, "=", value)
    return value


def _type(target: Term, changes: Mapping[str, Evolution]) -> str:
    """The type of a member that went; "" for all else."""
    change = next((changes[name] for name in names_in(target) if name in changes), None)
    plain = isinstance(target, tuple) and target[0] == "field_expression"
    return change.old.type if plain and isinstance(change, MemberGone) else ""


def _gives_back(right: Term, definition: Definition) -> bool:
    """Whether a call gives back what it stores: its definition returns a word that it hands to another function last, or the
    value of such a function."""
    if not (isinstance(right, tuple) and right[0] == "call_expression" and right[1][0] == "identifier"):
        return False
    body = definition(right[1][1]).partition("{")[2]
    returned = set(_RETURNED.findall(body))
    return len(returned) == 1 and returned <= set(_STORED_LAST.findall(body))
