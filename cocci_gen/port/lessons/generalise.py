"""Difference -> Template: what both sides share becomes metavariables, what only the new side has must be known everywhere.

A name that only the new side has is a name of the kernel, or a parameter of the function, which becomes a condition:
"the caller has a parameter of that type".  A local of the function belongs to this function alone and makes no
template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.document.declarations import split_parameters, type_of
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.texts.alignment import Difference, differences
from cocci_gen.port.texts.instances import Head, head_of
from cocci_gen.port.texts.parameters import Kept, MovedAway, Retyped, name_of, steps_between
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.terms import (
    EXPRESSIONS,
    HOLE,
    RUN,
    Term,
    function_term,
    holes_in,
    names_in,
    replaced,
    size_of,
    subterms,
)

#: A rule longer than this repeats one function.
_LARGEST = 40
#: A parameter whose type is a name.
_NAMED = re.compile(
    r"\s*(?:const\s+)?(?!struct\b|union\b|enum\b)([A-Za-z_]\w*)(?:\s+|\s*\*\s*(?:const\s+)?)([A-Za-z_]\w*)\s*(?:\[\w*\])?\s*$"
)
_STATEMENT_KINDS = frozenset({"expression_statement", "declaration", "return_statement", "if_statement"})
_NO_RULE = frozenset(
    {"goto_statement", "labeled_statement", "compound_statement", "case_statement", "switch_statement"}
)


@dataclass(frozen=True, slots=True)
class Template:
    """`left` became `right`; metavariables of `contexts` are parameters of the function with these types."""

    left: Term
    right: Term
    contexts: tuple[tuple[int, str], ...]

    @property
    def weight(self) -> tuple[int, int]:
        """How specific it is."""
        return size_of(self.left), len(self.contexts)


@dataclass(frozen=True, slots=True)
class Function:
    """One example: both bodies, the old one with the parameters named as in the new one, and what the new one has."""

    pair: Pair
    old: Term
    new: Term
    parameters: Mapping[str, str]  # of the new function: name -> type
    locals: frozenset[str]  # of both functions, parameters of the new one aside

    @property
    def place(self) -> str:
        """`fs/minix/dir.c: minix_delete_entry()`."""
        return f"{self.pair.old.path}: {self.pair.old.name}()"


#: The types of a function's names, and a term -> the tag of the structure that the term is or points to.
Owner = Callable[[Mapping[str, str], Term], str | None]


def read_function(pair: Pair, members: Mapping[str, Collection[str]], owner: Owner) -> Function | None:
    """A pair, and the tags of the structures of which a member changed, by member -> the example; None where one side does not
    parse.  `owner` tells whose a member is."""
    old, new = function_term(pair.old.text), function_term(pair.new.text)
    before, after = head_of(pair.old), head_of(pair.new)
    if old is None or new is None or before is None or after is None:
        return None
    names = _parameter_names(before, after, new)
    if names:
        old = replaced(old, {("identifier", one): ("identifier", other) for one, other in names.items()})
    parameters = {name_of(one): type_of(one) for one in after.parameters if name_of(one)}
    types = {name_of(one): _tag_of(one) for one in before.parameters} | locals_of(old)
    types |= {names[name]: tag for name, tag in types.items() if name in names}
    own = frozenset(locals_of(new)) | frozenset(types)
    later = {name_of(one): _tag_of(one) for one in after.parameters} | locals_of(new)
    old = with_owners(old, members, lambda term: owner(types, term))
    new = with_owners(new, members, lambda term: owner(later, term))
    return Function(pair, old, new, parameters, own - set(parameters))


def with_owners(term: Term, members: Mapping[str, Collection[str]], owner: Callable[[Term], str | None]) -> Term:
    """A term, with the tag of its structure in every member that changed in that structure."""
    if not isinstance(term, tuple):
        return term
    if term[0] == "field_expression" and len(term) == 4 and isinstance(term[3], tuple) and term[3][1] in members:
        tag = owner(term[1])
        base = with_owners(term[1], members, owner)
        if tag and tag in members[term[3][1]]:
            return (term[0], base, term[2], ("field_identifier", term[3][1], tag))
        return (term[0], base, *term[2:])
    return (term[0], *(with_owners(part, members, owner) for part in term[1:]))


def touched(pair: Pair, changed: Mapping[bytes, Collection[str]]) -> frozenset[str]:
    """The names that changed (by the word that stands in the code) and stand on a line of the old function that the new one does
    not have."""
    kept = {line.strip() for line in pair.new.text.split(b"\n")}
    gone = b"\n".join(line for line in pair.old.text.split(b"\n") if line.strip() not in kept)
    return frozenset(name for word in words_of(gone) if word in changed for name in changed[word])


def locals_of(body: Term) -> dict[str, str]:
    """The names that a body declares -> the tag of the structure that they are or point to, "" for other types."""
    found = {}
    for term in subterms(body):
        if term[0] == "declaration":
            tag = _tag(term[1:])
            for part in term[1:]:
                name = _declared(part)
                if name:
                    found[name] = tag
    return found


def declared_in(text: bytes) -> Iterator[tuple[str, Term]]:
    """The text of a function -> the locals that it declares, in order, each with its type (stars aside)."""
    body = function_term(text)
    for term in subterms(body) if body is not None else ():
        if term[0] == "declaration":
            yield from ((name, term[1]) for part in term[2:] if (name := _declared(part)))


def named_types(text: bytes) -> Iterator[tuple[str, str]]:
    """The text of a function -> its parameters and locals whose type is a name (`grid_t *grid`), with that name."""
    head = text.partition(b"{")[0].decode("utf-8", "replace")
    for parameter in split_parameters(head[head.find("(") + 1 : head.rfind(")")]):
        found = _NAMED.match(parameter)
        if found:
            yield found[2], found[1]
    body = function_term(text)
    for term in subterms(body) if body is not None else ():
        if term[0] == "declaration":
            kinds = [str(one[1]) for one in term[1:] if isinstance(one, tuple) and one[0] == "type_identifier"]
            yield from ((name, kinds[0]) for part in term[1:] if kinds and (name := _declared(part)))


def names_with_types(text: bytes) -> dict[str, str]:
    """The text of a function -> its parameters and locals, with the tag of the structure that each is or points to."""
    body = function_term(text)
    head = text.partition(b"{")[0].decode("utf-8", "replace")
    inside = head[head.find("(") + 1 : head.rfind(")")]
    named = {name_of(one): _tag_of(one) for one in split_parameters(inside)}
    return named | (locals_of(body) if body is not None else {})


def _tag(parts: Iterable[Term]) -> str:
    for part in parts:
        if isinstance(part, tuple) and part[0] == "struct_specifier":
            return next((one[1] for one in part[1:] if isinstance(one, tuple) and one[0] == "type_identifier"), "")
    return ""


def _declared(part: Term) -> str:
    """The name that a declarator declares."""
    while isinstance(part, tuple):
        if part[0] == "identifier":
            return str(part[1])
        if part[0] not in ("init_declarator", "pointer_declarator", "array_declarator", "parenthesized_declarator"):
            return ""
        part = next((one for one in part[1:] if isinstance(one, tuple)), "")
    return ""


def _tag_of(parameter: str) -> str:
    """The tag of a parameter's structure."""
    found = re.search(r"\bstruct\s+(\w+)", parameter)
    return found.group(1) if found else ""


def _parameter_names(before: Head, after: Head, new: Term) -> dict[str, str]:
    """Old -> new names of parameters that were renamed with their function."""
    names = {}
    now = set(names_in(new)) | {name_of(one) for one in after.parameters}
    for step in steps_between(before.parameters, after.parameters):
        if isinstance(step, Kept | Retyped | MovedAway):
            old, fresh = name_of(before.parameters[step.old]), name_of(after.parameters[step.new])
            if old and fresh and old != fresh and old not in now:
                names[old] = fresh
    return names


def templates_of(function: Function, changed: Collection[str]) -> Iterator[Template]:
    """What one example shows."""
    for difference in differences(function.old, function.new, changed):
        for whole in (True, False):
            template = _template(difference, function, changed, whole=whole)
            if template is not None:
                yield template


def _template(difference: Difference, function: Function, changed: Collection[str], *, whole: bool) -> Template | None:
    """Shared terms -> metavariables: the largest ones, or (not `whole`) only names, members and what they point to."""
    left, right = _trimmed(difference)
    if isinstance(left, str) or isinstance(right, str) or left == right:
        return None
    if not _is_rule_side(left) or not (_is_rule_side(right) or right == (RUN,)):
        return None
    present = set(subterms(right))
    shared: dict[Term, Term] = {}
    for term in _shareable(left, changed, function, whole=whole):
        if term in present and term not in shared:
            shared[term] = (HOLE, len(shared))
    left, right = replaced(left, shared), replaced(right, shared)
    used = list(dict.fromkeys(holes_in(left)))
    order: dict[Term, Term] = {(HOLE, number): (HOLE, place) for place, number in enumerate(used)}
    left, right = replaced_holes(left, order), replaced_holes(right, order)
    right, contexts = _with_contexts(right, function, len(used))
    if not set(holes_in(right)) <= {*holes_in(left), *(hole for hole, _ in contexts)}:
        return None  # a part of what a larger metavariable stands for: nothing would bind it
    own = function.locals | set(function.parameters)
    if any(name in own for name in _free(left)) or any(name in own for name in _free(right)):
        return None
    if size_of(left) > _LARGEST or size_of(right) > _LARGEST or not any(name in changed for name in names_in(left)):
        return None
    return Template(left, right, contexts)


def replaced_holes(term: Term, order: Mapping[Term, Term]) -> Term:
    """The term with its metavariables numbered anew."""
    if not isinstance(term, tuple):
        return term
    if term[0] == HOLE:
        return order.get(term, term)
    return (term[0], *(replaced_holes(part, order) for part in term[1:]))


def _trimmed(difference: Difference) -> tuple[Term, Term]:
    """Expression statements on both sides -> their expressions, so that the rule also fits inside of others."""
    old, new = difference.old, difference.new
    while (
        isinstance(old, tuple) and isinstance(new, tuple) and old[0] == new[0] == "expression_statement"
        and len(old) == len(new) == 3
    ):  # fmt: skip
        old, new = old[1], new[1]
    if isinstance(old, tuple) and isinstance(new, tuple) and old[0] == "parenthesized_expression" != new[0]:
        return old, old  # brackets that go may change what is around
    return old, new


def _is_rule_side(term: Term) -> bool:
    """Whether a term can be one side of a rule: an expression, a plain statement, a run of them."""
    if not isinstance(term, tuple):
        return False
    if term[0] == RUN:
        return all(isinstance(part, tuple) and part[0] == "expression_statement" for part in term[1:])
    return term[0] in EXPRESSIONS or term[0] in ("expression_statement", "return_statement")


def _shareable(left: Term, changed: Collection[str], function: Function, *, whole: bool) -> Iterator[Term]:
    """The terms of the left side that may stand for any other, outer ones first."""

    def walk(term: Term, *, root: bool, callee: bool) -> Iterator[Term]:
        if not isinstance(term, tuple):
            return
        names = set(names_in(term))
        simple = term[0] in (
            "identifier",
            "field_expression",
            "number_literal",
            "string_literal",
            "subscript_expression",
        )
        if not root and not callee and term[0] in EXPRESSIONS and not names & set(changed):
            local = names & (function.locals | set(function.parameters))
            if (whole and not (run and _only_in_part(term, left))) or (simple and (local or term[0] != "identifier")):
                yield term
        for place, part in enumerate(term[1:]):
            yield from walk(part, root=False, callee=term[0] == "call_expression" and place == 0)

    run = isinstance(left, tuple) and left[0] == RUN
    for part in left[1:] if run else (left,):
        yield from walk(part, root=True, callee=False)


def _only_in_part(term: Term, left: Term) -> bool:
    """Whether a term is the address of what other statements name without one: `init(&t); t.call = f;` speaks of one `t`."""
    if term[:2] != ("pointer_expression", "&"):
        return False
    every = list(subterms(left))
    return every.count(term[2]) > every.count(term)


def _with_contexts(right: Term, function: Function, first: int) -> tuple[Term, tuple[tuple[int, str], ...]]:
    """Parameters that only the new side names -> metavariables with their types."""
    contexts: list[tuple[int, str]] = []
    wanted: dict[Term, Term] = {}
    for name in dict.fromkeys(_free(right)):
        if name in function.parameters and name not in function.locals:
            number = first + len(contexts)
            contexts.append((number, function.parameters[name]))
            wanted["identifier", name] = (HOLE, number)
    return replaced(right, wanted), tuple(contexts)


def _free(term: Term) -> Iterator[str]:
    """The identifiers that are no members."""
    if isinstance(term, tuple):
        if term[0] == "identifier":
            yield term[1]
        elif term[0] != HOLE:
            for part in term[1:]:
                yield from _free(part)
