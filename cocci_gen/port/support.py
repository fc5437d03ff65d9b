"""Functions before and after, and the Templates that they suggest -> LearnedRule, those that the tree agrees on.

Every left side is tried on all old functions, the most specific one first; what an accepted rule took does not count
for smaller ones. An example that kept the old form, or did something else, is a contradiction: it is kept, lowers the
share and is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.generalise import Function, Template
from cocci_gen.port.rules import Learned
from cocci_gen.port.terms import HOLE, RUN, Term, filled, holes_in, matched, names_in, replaced, subterms

FEWEST_FUNCTIONS, FEWEST_GROUPS, SHARE = 3, 2, 0.8
#: Places that are told by name.
_TOLD = 12


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A template that the tree agrees on; `bases` are the metavariables that stand for a structure of this tag."""

    template: Template
    ground: Learned
    bases: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A template that would have had support, and why it is no rule."""

    template: Template
    reason: str


#: The tag of the structure that a term is or points to, in a function: "" for others, None for not known.
TypeOf = Callable[[Function, Term], str | None]
Losses = Callable[[Template], tuple[str, ...]]


def learned_rules(
    functions: Sequence[Function],
    templates: Mapping[Template, Collection[int]],
    owners: Mapping[str, frozenset[str]],
    type_of_term: TypeOf,
    losses: Losses,
    changed: Collection[str],
) -> tuple[list[LearnedRule], list[Rejected]]:
    """Functions, templates with the numbers of the functions that suggest them, and the structures that lost a member ->
    accepted rules, most specific first, and those that were refused."""
    index = _Index(functions, owners, changed)
    rules: list[LearnedRule] = []
    rejected: list[Rejected] = []
    eaten: set[tuple[int, int]] = set()
    wide = [
        one for one, shown in templates.items()
        if len(shown) >= FEWEST_FUNCTIONS and len({functions[number].pair.group for number in shown}) >= FEWEST_GROUPS
    ]  # fmt: skip
    wide = _needed(sorted(wide, key=_order), index, type_of_term, losses)
    for template in wide:
        tally = _tally(template, index, eaten, type_of_term)
        ground = tally.ground(functions)
        if ground.shown < FEWEST_FUNCTIONS or ground.groups < FEWEST_GROUPS:
            continue
        if ground.share < SHARE:
            rejected.append(Rejected(template, f"only {ground.shown} of {ground.of} places agree"))
        elif lost := losses(template):
            rejected.append(Rejected(template, f"it would lose {', '.join(lost)}"))
        else:
            eaten |= tally.taken
            rules.append(LearnedRule(template, ground, tally.bases))
    return rules, rejected


def _order(template: Template) -> tuple[object, ...]:
    """Most specific first; the order is the same everywhere."""
    return (*(-part for part in template.weight), repr(template))


def _needed(templates: Sequence[Template], index: _Index, type_of_term: TypeOf, losses: Losses) -> list[Template]:
    """The templates without those that a more general one, which holds by itself, makes superfluous."""
    holds = []
    for template in templates:
        ground = _tally(template, index, set(), type_of_term).ground(index.functions)
        if ground.share >= SHARE and ground.shown >= FEWEST_FUNCTIONS and not losses(template):
            holds.append(template)
    return [one for one in templates if not any(_implies(other, one) for other in holds if other is not one)]


def _implies(general: Template, special: Template) -> bool:
    """Whether the general template, used once anywhere in the left side of the special one, gives its right side."""
    if general.contexts != special.contexts or general.weight >= special.weight or general.contexts:
        return False
    for part in subterms(special.left):
        bound: dict[int, Term] = {}
        if matched(general.left, part, bound):
            rewritten = replaced(special.left, {part: filled(general.right, bound)})
            if rewritten == special.right:
                return True
    return False


class _Index:
    """The places of all old functions, by the names that stand in them."""

    def __init__(
        self, functions: Sequence[Function], owners: Mapping[str, frozenset[str]], changed: Collection[str]
    ) -> None:
        self.functions = functions
        self.changed = changed
        self.owners = owners
        self._targets: dict[int, frozenset[int]] = {}
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

    def _numbered(self, number: int) -> list[tuple[Term, tuple[int, ...]]]:
        if number not in self._terms:
            self._terms[number] = [(term, (place,)) for place, term in enumerate(subterms(self.functions[number].old))]
        return self._terms[number]

    def inside(self, number: int, term: Term) -> set[tuple[int, int]]:
        """The identities of all that stands in a term of a function."""
        parts = {id(part) for part in subterms(term)}
        return {(number, place) for one, (place,) in self._numbered(number) if id(one) in parts}

    def targets(self, number: int) -> frozenset[int]:
        """The ids of all terms that are stored to, or whose address is taken."""
        if number not in self._targets:
            self._targets[number] = frozenset(id(part) for part in stored(self.functions[number].old))
        return self._targets[number]

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


@dataclass(slots=True)
class _Tally:
    shown: list[int]
    others: list[int]
    taken: set[tuple[int, int]]
    bases: tuple[tuple[int, str, bool], ...]

    def ground(self, functions: Sequence[Function]) -> Learned:
        """The counts, with places by name."""
        groups = {functions[number].pair.group for number in self.shown}
        good = tuple(dict.fromkeys(functions[number].place for number in self.shown))
        bad = tuple(dict.fromkeys(functions[number].place for number in self.others))
        return Learned(len(self.shown), len(self.shown) + len(self.others), len(groups), good[:_TOLD], bad[:_TOLD])


def _tally(template: Template, index: _Index, eaten: set[tuple[int, int]], type_of_term: TypeOf) -> _Tally:
    """How often the tree did what the template says, of the places that it fits."""
    bases = bases_of(template.left, index.owners)
    tally = _Tally([], [], set(), bases)
    reads = reads_only(template)
    for number in index.naming(template):
        function = index.functions[number]
        if any(kind not in function.parameters.values() for _, kind in template.contexts):
            continue
        for term, identity in index.places(number, template.left):
            bound: dict[int, Term] = {}
            if reads and id(term) in index.targets(number):
                continue
            if any((number, one) in eaten for one in identity) or not matched(template.left, term, bound):
                continue
            if any(type_of_term(function, bound[hole]) != tag for hole, tag, _ in bases if hole in bound):
                continue
            tally.taken |= {(number, one) for one in identity} | index.inside(number, term)
            for hole, kind in template.contexts:
                bound[hole] = ("identifier", next(one for one, other in function.parameters.items() if other == kind))
            steady = {
                hole: part for hole, part in bound.items() if not any(name in index.changed for name in names_in(part))
            }  # fmt: skip
            holds = _holds(filled(template.right, steady), filled(template.left, steady), term, function)
            (tally.shown if holds else tally.others).append(number)
    return tally


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


def bases_of(left: Term, owners: Mapping[str, frozenset[str]]) -> tuple[tuple[int, str, bool], ...]:
    """The metavariables whose member changed: (number, tag, whether it is a pointer)."""
    found: dict[int, tuple[int, str, bool]] = {}
    for term in subterms(left):
        if term[0] == "field_expression" and len(term) == 4 and isinstance(term[3], tuple):
            tags = owners.get(term[3][1], frozenset())
            if len(tags) == 1 and isinstance(term[1], tuple) and term[1][0] == HOLE:
                found[term[1][1]] = (term[1][1], next(iter(tags)), term[2] == "->")
    return tuple(found.values())
