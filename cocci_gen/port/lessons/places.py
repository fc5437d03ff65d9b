"""A Template and the functions of the tree -> Place, where its left side fits, and whether the tree did there what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.lessons.generalise import Function, Template
from cocci_gen.port.lessons.value_uses import used_otherwise
from cocci_gen.port.texts.terms import (
    HOLE,
    RUN,
    Term,
    filled,
    holes_in,
    matched,
    names_in,
    subterms,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a left side fits: the function, the terms that it takes, whether the new function has the right side, and whether it
    is the name of a function whose value nobody uses, or whose value what is around it uses otherwise."""

    function: int
    roots: tuple[int, ...]
    taken: frozenset[int]
    shown: bool
    bare: bool
    otherwise: bool


class Bodies:
    """The places of all old functions, by the names that stand in them."""

    def __init__(self, functions: Sequence[Function], changed: Collection[str]) -> None:
        self.functions = functions
        self.changed = changed
        self._targets: dict[int, frozenset[int]] = {}
        self._bare: dict[int, frozenset[int]] = {}
        self._otherwise: dict[tuple[int, Template], frozenset[int]] = {}
        self._calls: dict[int, frozenset[tuple[str, bool]]] = {}
        self._terms: dict[int, list[tuple[Term, tuple[int, ...]]]] = {}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for number, function in enumerate(functions):
            for name in dict.fromkeys(names_in(function.old)):
                self._by_name[name].append(number)

    def naming(self, template: Template) -> Iterable[int]:
        """The functions in which every fixed name of the left side stands."""
        names = list(dict.fromkeys(names_in(template.left)))
        some = min((self._by_name.get(name, []) for name in names), key=len, default=[])
        sets = [set(self._by_name.get(name, ())) for name in names]
        return [number for number in some if all(number in one for one in sets)]

    def with_name(self, name: str) -> Sequence[int]:
        """The functions in which a name stands."""
        return self._by_name.get(name, ())

    def count(self, name: str) -> int:
        """In how many functions a name stands."""
        return len(self._by_name.get(name, ()))

    def _numbered(self, number: int) -> list[tuple[Term, tuple[int, ...]]]:
        if number not in self._terms:
            self._terms[number] = [(term, (place,)) for place, term in enumerate(subterms(self.functions[number].old))]
        return self._terms[number]

    def bound(self, template: Template, place: Place) -> dict[int, Term]:
        """What the metavariables of a template stand for at a place."""
        terms = self._numbered(place.function)
        found = [terms[number][0] for number in place.roots if number >= 0]
        is_run = isinstance(template.left, tuple) and template.left[0] == RUN
        bound: dict[int, Term] = {}
        matched(template.left, (RUN, *found) if is_run else found[0] if found else "", bound)
        return bound

    def inside(self, number: int, term: Term) -> set[int]:
        """The identities of all that stands in a term of a function."""
        parts = {id(part) for part in subterms(term)}
        return {place for one, (place,) in self._numbered(number) if id(one) in parts}

    def targets(self, number: int) -> frozenset[int]:
        """The ids of all terms that are stored to, or whose address is taken."""
        if number not in self._targets:
            self._targets[number] = frozenset(id(part) for part in stored(self.functions[number].old))
        return self._targets[number]

    def calls(self, number: int) -> frozenset[tuple[str, bool]]:
        """The changed functions that an old function calls, and whether the new one calls them with the same words."""
        if number not in self._calls:
            function = self.functions[number]
            now = set(subterms(function.new)) if function.pair.old.text != function.pair.new.text else None
            self._calls[number] = frozenset(
                (part[1][1], now is None or part in now)
                for part in subterms(function.old)
                if part[0] == "call_expression" and part[1][0] == "identifier" and part[1][1] in self.changed
            )
        return self._calls[number]

    def bare(self, number: int) -> frozenset[int]:
        """The ids of all names of functions that are called for their effect alone."""
        if number not in self._bare:
            calls = (
                part[1] for part in subterms(self.functions[number].old)
                if part[0] == "expression_statement" and isinstance(part[1], tuple) and part[1][0] == "call_expression"
            )  # fmt: skip
            self._bare[number] = frozenset(id(call[1]) for call in calls)
        return self._bare[number]

    def otherwise(self, number: int, template: Template) -> frozenset[int]:
        """The ids of the names that another one follows and whose value is used otherwise by now."""
        key = (number, template)
        if key not in self._otherwise:
            self._otherwise[key] = used_otherwise(self.functions[number], str(template.left[1]), str(template.right[1]))
        return self._otherwise[key]

    def places(self, number: int, left: Term) -> Iterator[tuple[Term, tuple[int, ...]]]:
        """The parts of a function that may fit: terms with their identity, or runs of statements."""
        terms = self._numbered(number)
        if isinstance(left, tuple) and left[0] == RUN:
            size = len(left) - 1
            numbers = {id(term): place for term, (place,) in terms}
            for term, _ in terms:
                if term[0] in ("compound_statement", "case_statement"):
                    for start in range(1, len(term) - size + 1):
                        run = term[start : start + size]
                        if all(isinstance(one, tuple) for one in run):
                            yield (RUN, *run), tuple(numbers.get(id(one), -1) for one in run)
        else:
            yield from terms


def stored(term: Term) -> Iterator[Term]:
    """The terms that are stored to or whose address is taken, with the members that lead there."""
    for part in subterms(term):
        target: Term = ""
        if part[0] == "assignment_expression":
            target = part[1]
        elif part[0] == "update_expression" or (part[0] == "pointer_expression" and part[1] == "&"):
            target = next((one for one in part[1:] if isinstance(one, tuple)), "")
        while isinstance(target, tuple):
            yield target
            if target[0] == "field_expression" and target[2] == ".":
                target = target[1]
            elif target[0] == "parenthesized_expression":
                target = target[2]
            else:
                break


def reads_only(template: Template) -> bool:
    """Whether the left side could be stored to and the right side could not: then it is for reading."""
    left, right = template.left, template.right
    kinds = ("field_expression", "identifier", "subscript_expression")
    return (
        isinstance(left, tuple) and isinstance(right, tuple) and left[0] == "field_expression" and right[0] not in kinds
    )


def places_of_template(template: Template, index: Bodies) -> Iterator[Place]:
    """All places that a template fits, and whether the tree did there what it says."""
    reads = reads_only(template)
    for number in index.naming(template):
        function = index.functions[number]
        if any(kind not in function.parameters.values() for _, kind in template.contexts):
            continue
        for term, identity in index.places(number, template.left):
            bound: dict[int, Term] = {}
            if reads and id(term) in index.targets(number):
                continue
            if not matched(template.left, term, bound):
                continue
            for hole, kind in template.contexts:
                bound[hole] = ("identifier", next(one for one, other in function.parameters.items() if other == kind))
            steady = {
                hole: part for hole, part in bound.items() if not any(name in index.changed for name in names_in(part))
            }  # fmt: skip
            holds = _holds(filled(template.right, steady), filled(template.left, steady), term, function)
            bare = id(term) in index.bare(number)
            otherwise = holds and follows(template) and id(term) in index.otherwise(number, template)
            yield Place(number, identity, frozenset(identity) | index.inside(number, term), holds, bare, otherwise)


def _holds(right: Term, left: Term, place: Term, function: Function) -> bool:
    """Whether the new function has the right side more often than the old one had; metavariables that are left in it stand for
    what was itself rewritten."""
    if isinstance(right, tuple) and right[0] == RUN:
        parts = right[1:]
        return bool(parts) and all(_count(part, function.new) > _count(part, function.old) for part in parts)
    before, after = _count(right, function.old), _count(right, function.new)
    if after > before:
        return True
    inside = any(right == part for part in subterms(place) if part is not place)
    return after == before and inside and _count(left, function.new) < _count(left, function.old)


def _count(wanted: Term, term: Term) -> int:
    """How often a pattern fits."""
    if isinstance(wanted, tuple) and wanted[0] == RUN:
        return min((_count(part, term) for part in wanted[1:]), default=0)
    if next(iter(holes_in(wanted)), None) is None:
        return sum(part == wanted for part in subterms(term))
    return sum(matched(wanted, part, {}) for part in subterms(term))


def bases_of(left: Term) -> tuple[tuple[int, str, bool], ...]:
    """The metavariables whose member changed: (number, tag, whether it is a pointer)."""
    found: dict[int, tuple[int, str, bool]] = {}
    for term in subterms(left):
        if term[0] != "field_expression" or len(term) != 4 or not isinstance(term[1], tuple) or term[1][0] != HOLE:
            continue
        if isinstance(term[3], tuple) and len(term[3]) == 3:
            found[term[1][1]] = (term[1][1], term[3][2], term[2] == "->")
    return tuple(found.values())


def follows(template: Template) -> bool:
    """Whether one name stands for another."""
    return all(isinstance(side, tuple) and side[0] == "identifier" for side in (template.left, template.right))
