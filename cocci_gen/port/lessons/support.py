"""Functions before and after, and the Templates that they suggest -> LearnedRule, those that the tree agrees on.

Every left side is tried on all old functions, the most specific one first; what an accepted rule took does not count
for smaller ones. An example that kept the old form, or did something else, is a contradiction: it is kept, lowers the
share and is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cocci_gen.port.lessons.generalise import Function, Template
from cocci_gen.port.lessons.losses import calls_in
from cocci_gen.port.lessons.places import Bodies, Place, bases_of, follows, places_of_template, stored
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.value_uses import used_otherwise, uses_of
from cocci_gen.port.texts.terms import (
    HOLE,
    Parts,
    Term,
    filled,
    holes_in,
    is_constant,
    matched,
    names_in,
    parts_in,
    replaced,
    subterms,
    written,
)

FEWEST_FUNCTIONS, FEWEST_GROUPS, SHARE = 3, 2, 0.8
#: In so many bodies of code a rule may rest on what most of each did: the core of a thing has many places and its own ways.
FEWEST_PARTS = 10
#: Of all places so many, and of all bodies of code so many.
_LEAST, _MOSTLY = 0.6, 0.75
#: Places that are told by name.
TOLD = 12


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A template that the tree agrees on; `bases` are the metavariables that stand for a structure of this tag.  `bare` is for
    a function that follows another one: no example uses what it returns, so nothing is known of those that do."""

    template: Template
    ground: Learned
    bases: tuple[tuple[int, str, bool], ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A template that would have had support, and why it is no rule; `told` where that is news to whoever does it by hand."""

    template: Template
    reason: str
    told: bool = False


#: What a template would lose, in words.
Losses = Callable[[Template], tuple[str, ...]]


class Lesson:
    """Functions before and after, and the templates that they suggest: asked for the rules that they teach without some groups.

    What does not depend on who is left out is found once.
    """

    def __init__(
        self,
        functions: Sequence[Function],
        templates: Mapping[Template, Collection[int]],
        losses: Losses,
        changed: Collection[str],
    ) -> None:
        """`templates` come with the numbers of the functions that suggest them, `changed` are the names of what changed."""
        self._functions = functions
        self._changed = changed
        self._index = Bodies(functions, changed)
        self._losses = losses
        self._lost: dict[Template, tuple[str, ...]] = {}
        self._parts: tuple[tuple[Function, Parts], ...] = ()
        self._places: dict[Template, tuple[Place, ...]] = {}
        wide = [one for one, shown in templates.items() if self._wide(shown, ())]
        self._templates = {one: templates[one] for one in sorted(wide, key=_order)}
        self._general = self._generals()

    def rules(self, excluded: Collection[str] = ()) -> tuple[list[LearnedRule], list[Rejected]]:
        """The accepted rules, most specific first, and the templates that were refused, without the groups that are left out."""
        rules: list[LearnedRule] = []
        rejected: list[Rejected] = []
        eaten: set[tuple[int, int]] = set()
        for template, suggested in self._templates.items():
            if not self._wide(suggested, excluded) or self._superfluous(template, excluded):
                continue
            places = [
                one for one in self._counted(template, excluded)
                if not any((one.function, root) in eaten for root in one.roots)
            ]  # fmt: skip
            ground = self._ground(places)
            if ground.shown < FEWEST_FUNCTIONS or ground.groups < FEWEST_GROUPS:
                continue
            default = "" if agrees(ground) else self._default(template, places, excluded)
            if not agrees(ground) and not default:
                rejected.append(Rejected(template, f"only {ground.shown} of {ground.of} places agree"))
            elif lost := self._loss(template):
                rejected.append(Rejected(template, f"it would lose {', '.join(lost)}"))
            elif instead := self._elsewhere(template, places):
                rejected.append(Rejected(template, f"what it drops came back as {instead} in its examples"))
            elif along := self._along(template, places):
                rejected.append(
                    Rejected(template, f"they gave up {along}() with it, which that does by now", told=True)
                )
            else:
                eaten |= {(one.function, term) for one in places for term in one.taken}
                ground = replace(ground, instead=default)
                bare = follows(template) and _says_nothing_of_values(places)
                rules.append(LearnedRule(template, ground, bases_of(template.left), bare))
        return rules, rejected

    def _wide(self, numbers: Collection[int], excluded: Collection[str]) -> bool:
        """Whether enough functions of enough groups suggest a template."""
        some = [number for number in numbers if self._functions[number].pair.group not in excluded]
        groups = {self._functions[number].pair.group for number in some}
        return len(some) >= FEWEST_FUNCTIONS and len(groups) >= FEWEST_GROUPS

    def _default(self, template: Template, places: Sequence[Place], excluded: Collection[str]) -> str:
        """What those give that do not hand on their own parameter, where it is an object that stands for it (`&nop_mnt_idmap`):
        then what the caller gives is right for these as well.  "" where some do otherwise, where nearly all give the object, and
        where the old call gave an object already: that was meant."""
        if any(_is_object(part) for part in subterms(template.left)):
            return ""
        others = {
            one: given for one in self._templates if one.left == template.left and (given := _given(template, one))
        }
        same = {(one.function, one.roots) for other in others for one in self._counted(other, excluded) if one.shown}
        defaults = sum((one.function, one.roots) in same for one in places)
        told = sum(one.shown or (one.function, one.roots) in same for one in places)
        split = defaults < SHARE * len(places) <= told
        return ", ".join(sorted(set(others.values()))) if split else ""

    def _loss(self, template: Template) -> tuple[str, ...]:
        if template not in self._lost:
            self._lost[template] = (*self._losses(template), *self._twice(template))
        return self._lost[template]

    def _twice(self, template: Template) -> Iterator[str]:
        """What is given more often by now, though nearly all examples gave a constant there: `f(NULL, n)` that became
        `f(NULL, NULL, n)` does not say that whoever gave `&bits` gives it twice."""
        counts = [Counter(holes_in(side)) for side in (template.right, template.left)]
        more = {hole for hole in counts[1] if counts[0][hole] > counts[1][hole]}
        if not more:
            return
        told: dict[int, set[int]] = {hole: set() for hole in more}
        for one in self._counted(template, ()):
            if one.shown:
                bound = self._index.bound(template, one)
                for hole in more:
                    told[hole] |= {one.function} if not is_constant(bound.get(hole, "")) else set()
        yield from (
            f"what E{hole} and its double may be" for hole in sorted(more) if len(told[hole]) < FEWEST_FUNCTIONS
        )

    def _elsewhere(self, template: Template, places: Iterable[Place]) -> str:
        """For a template that only drops something: the member that its examples set instead, "" for none (`NETIF_F_LLTX` went
        from the features, and `lltx = true` came)."""
        if template.right not in subterms(template.left):
            return ""
        shown = {one.function for one in places if one.shown}
        come: Counter[str] = Counter()
        for number in shown:
            function = self._functions[number]
            come.update(_set_members(function.new) - _set_members(function.old))
        return next((name for name, count in come.most_common(1) if count >= SHARE * len(shown)), "")

    def _along(self, template: Template, places: Iterable[Place]) -> str:
        """For a template that takes another function: what its examples did besides with the same thing and do no more, "" for
        nothing.  The new one does that by now (`copy_page_from_iter_atomic()` advances `i`), and it would be done twice."""
        left, right = (set(names_in(side)) for side in (template.left, template.right))
        went: Counter[str] = Counter()
        shown = {one.function for one in places if one.shown and left - right and right - left}
        for number in shown:
            function = self._functions[number]
            lost = (calls_in(function.old) - calls_in(function.new)).keys() - left - set(self._changed)
            things = {one for name in left - right for one in _given_to(function.old, name)} if lost else set()
            went.update(name for name in lost if not things.isdisjoint(_given_to(function.old, name)))
        return next((name for name, count in went.most_common(1) if count >= SHARE * len(shown)), "")

    def ground_of(self, template: Template, excluded: Collection[str] = ()) -> Learned:
        """What the tree did at the places that a template fits, whoever suggested it."""
        return self._ground(self._counted(template, excluded))

    def with_parts(self, excluded: Collection[str] = ()) -> list[tuple[Function, Parts]]:
        """The functions that name parts of members that changed, with these."""
        if not self._parts:
            every = ((one, parts_in(one.old)) for one in self._functions)
            self._parts = tuple((one, parts) for one, parts in every if parts)
        return [(one, parts) for one, parts in self._parts if one.pair.group not in excluded]

    def kept(self, excluded: Collection[str] = ()) -> frozenset[str]:
        """The functions that changed and that nearly all of the tree calls as before: their callers need not follow."""
        calls: dict[str, Counter[bool]] = defaultdict(Counter)
        for number, function in enumerate(self._functions):
            if function.pair.group not in excluded:
                for name, same in self._index.calls(number):
                    calls[name][same] += 1
        return frozenset(name for name, ones in calls.items() if _mostly(ones))

    def handed(self, names: Iterable[str], excluded: Collection[str] = ()) -> frozenset[str]:
        """Those of some functions that the tree hands on as a value, as it did before: what takes them changed with them."""
        found = set()
        for name in names:
            word = re.compile(rb"(?<![.>\w])" + re.escape(name.encode()) + rb"\b(?![ \t]*\()")
            pairs = (one.pair for one in self.callers(name, excluded))
            sides = [[bool(word.search(text)) for text in (pair.old.text, pair.new.text)] for pair in pairs]
            if _mostly(Counter(after for before, after in sides if before)):
                found.add(name)
        return frozenset(found)

    def callers(self, name: str, excluded: Collection[str] = ()) -> Iterator[Function]:
        """The functions in which a name stood."""
        some = (self._functions[number] for number in self._index.with_name(name))
        return (one for one in some if one.pair.group not in excluded)

    def bodies(self, excluded: Collection[str] = ()) -> list[bytes]:
        """The texts of the new functions."""
        return [one.pair.new.text for one in self._functions if one.pair.group not in excluded]

    def used_as_before(self, names: Collection[str], excluded: Collection[str] = ()) -> frozenset[str]:
        """Those of some functions of whose value the tree makes what it made before."""
        found: dict[str, Counter[bool]] = defaultdict(Counter)
        for number, function in enumerate(self._functions):
            if function.pair.group not in excluded:
                for name in sorted({name for name, _ in self._index.calls(number)} & set(names)):
                    same = not used_otherwise(function, name, name)
                    found[name][same] += uses_of(function, name) > 0
        return frozenset(name for name, ones in found.items() if _mostly(ones))

    def _counted(self, template: Template, excluded: Collection[str]) -> list[Place]:
        if template not in self._places:
            self._places[template] = tuple(places_of_template(template, self._index))
        return [one for one in self._places[template] if self._functions[one.function].pair.group not in excluded]

    def _ground(self, places: Iterable[Place]) -> Learned:
        """The counts, with places by name."""
        listed = list(places)
        shown = [self._functions[one.function] for one in listed if one.shown]
        others = [self._functions[one.function].place for one in listed if not one.shown]
        groups = {one.pair.group for one in shown}
        good = tuple(dict.fromkeys(one.place for one in shown))
        votes: dict[str, Counter[bool]] = defaultdict(Counter)
        for one in listed:
            votes[self._functions[one.function].pair.group][one.shown] += 1
        mostly = sum(ones[True] > ones[False] for ones in votes.values())
        told = tuple(dict.fromkeys(others))[:TOLD]
        return Learned(len(shown), len(listed), len(groups), good[:TOLD], told, mostly, len(votes))

    def _holds(self, template: Template, excluded: Collection[str]) -> bool:
        """Whether a template would be a rule if it were the only one."""
        ground = self._ground(self._counted(template, excluded))
        return agrees(ground) and ground.shown >= FEWEST_FUNCTIONS and not self._loss(template)

    def _superfluous(self, template: Template, excluded: Collection[str]) -> bool:
        """Whether a more general template, which holds by itself, gives the same."""
        return any(self._holds(one, excluded) for one in self._general.get(template, ()))

    def _generals(self) -> dict[Template, tuple[Template, ...]]:
        """The templates that imply another one, by that one."""
        by_name: dict[str, list[Template]] = defaultdict(list)
        for one in self._templates:
            names = list(names_in(one.left))
            by_name[min(names, key=lambda name: (self._index.count(name), name))].append(one)
        found: dict[Template, tuple[Template, ...]] = {}
        for special in self._templates:
            every = set(names_in(special.left))
            some = (
                one for name in sorted(every) for one in by_name.get(name, ()) if every.issuperset(names_in(one.left))
            )
            found[special] = tuple(one for one in some if one is not special and _implies(one, special))
        return found


def enough(shown: int, of: int, groups: Collection[str]) -> bool:
    """Whether so many that did the same, of so many in all, are enough to learn from: of several groups, and nearly all."""
    return shown >= max(FEWEST_FUNCTIONS, SHARE * of) and len(groups) >= FEWEST_GROUPS


def learned(shown: Sequence[str], others: Sequence[str], groups: Collection[str]) -> Learned:
    """Places that changed so, in these groups, and places that did not -> what a rule rests on, with the first of each named."""
    return Learned(len(shown), len(shown) + len(others), len(groups), tuple(shown[:TOLD]), tuple(others[:TOLD]))


def _mostly(ones: Counter[bool]) -> bool:
    """Whether enough functions, and nearly all, did."""
    return ones[True] >= FEWEST_FUNCTIONS and ones[True] >= SHARE * ones.total()


def agrees(ground: Learned) -> bool:
    """Whether nearly all places changed so, or in nearly all of many bodies of code most did."""
    return ground.share >= SHARE or (
        ground.mostly >= FEWEST_PARTS and ground.mostly >= _MOSTLY * ground.parts and ground.share >= _LEAST
    )


def _given(template: Template, other: Template) -> str:
    """The address of an object that another template gives wherever this one hands on a parameter, "" for none."""
    bound: dict[int, Term] = {}
    if not template.contexts or other.contexts or not matched(template.right, other.right, bound):
        return ""
    own = {hole for hole, _ in template.contexts}
    fits = all(_is_object(part) if hole in own else part == (HOLE, hole) for hole, part in bound.items())
    return ", ".join(written(bound[hole]) for hole in sorted(own)) if fits and own <= bound.keys() else ""


def _is_object(term: Term) -> bool:
    """Whether a term is the address of something with a name."""
    return isinstance(term, tuple) and term[:2] == ("pointer_expression", "&") and term[2][0] == "identifier"


def _says_nothing_of_values(places: Sequence[Place]) -> bool:
    """Whether too few examples use what a function returns, or too many of those had to use it otherwise by now."""
    used = [one for one in places if one.shown and not one.bare]
    return sum(not one.otherwise for one in used) < max(FEWEST_FUNCTIONS, SHARE * len(used))


def _order(template: Template) -> tuple[object, ...]:
    """Most specific first; the order is the same everywhere."""
    return (*(-part for part in template.weight), repr(template))


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


def _given_to(body: Term, name: str) -> Iterator[Term]:
    """What a body gives to a function, and what that is made of; constants say nothing."""
    for part in subterms(body):
        if part[0] == "call_expression" and part[1] == ("identifier", name):
            for one in subterms(part[2]):
                if one[0] in ("identifier", "field_expression") and not is_constant(one):
                    yield one


def _set_members(term: Term) -> frozenset[str]:
    """The members that a body sets."""
    return frozenset(part[3][1] for part in stored(term) if isinstance(part, tuple) and part[0] == "field_expression")
