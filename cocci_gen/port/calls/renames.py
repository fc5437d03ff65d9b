"""Functions and members that have another name by now -> rules for their uses, where the headers alone tell which.

A function that went and one that came with the same name in pages or folios are one: `block_write_full_page(page, get, wbc)`
becomes `block_write_full_folio(page_folio(page), wbc, get)`.  So are a member that went and one that came in its very place
between the same neighbours, if the tree shows it or the names say it, unless that is for nobody (`__folio_index`), and one that
got the mark of its structure.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from cocci_gen.document.declarations import in_pages
from cocci_gen.port.changes.declared import Declared, Function, Member
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone, MemberGone, plain_type
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.habits import Habit, Habits
from cocci_gen.port.lessons.losses import Definition
from cocci_gen.port.lessons.rules import Declarations as FromDeclarations
from cocci_gen.port.lessons.rules import Ground, Learned, PortRule
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.texts.parameters import meant, without_name
from cocci_gen.port.texts.terms import HOLE

_POINTED = re.compile(r"(?:const )?struct (\w+) \*")
#: So many of the uses in the tree have to agree, where there are any.
_SHARE = 0.8
#: A template -> what the tree did at the places that it fits.
Counted = Callable[[Template], Learned]


def function_rules(
    evolutions: Iterable[Evolution],
    declarations: tuple[Declarations, Declarations],
    habits: Habits,
    defined: Definition,
    excluded: Collection[str] = (),
) -> Iterator[PortRule]:
    """What changed, what headers of both kernels declare, the habits of the tree without some groups, and the definitions of the
    old kernel -> a rule for each function that went and of which exactly one that came in its header is the successor.  One that
    was there beside it did something else (`page_mapcount()`, `folio_mapcount()`), if it is not what the old one called."""
    for one in evolutions:
        if isinstance(one, FunctionGone) and not one.macros:
            was, come = (side(one.old.path).functions for side in declarations)
            named = [some[0] for name, some in come.items() if in_pages(name) == in_pages(one.old.name) != name]
            named = [new for new in named if new.name not in was or _calls(defined(one.old.name), new.name)]
            plans = [(new, given) for new in named if (given := _given(one.old, new, habits, excluded)) is not None]
            if len(plans) == 1:
                yield _function_rule(one, *plans[0])


def _calls(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\(", text.partition("{")[2]) is not None


#: What a parameter of the successor gets: the number of the old one, and the habit that leads to it (None: as it is).
Given = tuple[int, Habit | None]


def _given(old: Function, new: Function, habits: Habits, excluded: Collection[str]) -> list[Given] | None:
    """Where each parameter of a successor comes from; None where that is not clear."""
    if plain_type(old.returns) != plain_type(new.returns) or len(old.parameters) != len(new.parameters):
        return None
    found: list[Given | None] = [None] * len(new.parameters)
    left = set(range(len(old.parameters)))
    for place, parameter in enumerate(new.parameters):
        same = [number for number in left if meant(old.parameters[number]) == meant(parameter)]
        if len(same) == 1:
            found[place] = (same[0], None)
            left.discard(same[0])
    for place, parameter in enumerate(new.parameters):
        ways = [(number, habit) for number in sorted(left) if found[place] is None
                and (habit := _way(old.parameters[number], parameter, habits, excluded)) is not None]  # fmt: skip
        if len(ways) == 1:
            found[place] = ways[0]
            left.discard(ways[0][0])
    last = [place for place, one in enumerate(found) if one is None]
    if len(last) == 1 and len(left) == 1 and without_name(new.parameters[last[0]]) == "void *":
        found[last[0]] = (left.pop(), None)  # what takes anything takes this
    complete = [one for one in found if one is not None]
    return complete if len(complete) == len(found) and any(habit for _, habit in complete) else None


def _way(old: str, new: str, habits: Habits, excluded: Collection[str]) -> Habit | None:
    tags = [_POINTED.fullmatch(without_name(one)) for one in (old, new)]
    return habits.find(tags[1][1], tags[0][1], excluded) if tags[0] is not None and tags[1] is not None else None


def _function_rule(gone: FunctionGone, new: Function, given: Sequence[Given]) -> PortRule:
    old = gone.old
    habit = next(habit for _, habit in given if habit is not None)
    names = [f"A{number}" for number in range(len(old.parameters))]
    converted = {number: one for number, one in given if one is not None}
    declared = "".join(
        f"{without_name(old.parameters[number]).removeprefix('const ') if number in converted else 'expression '}{name};\n"
        for number, name in enumerate(names)
    )
    now = ", ".join(one.value.replace("{}", names[number]) if one else names[number] for number, one in given)
    text = f"@renamed_{old.name}@\n{declared}@@\n- {old.name}({', '.join(names)})\n+ {new.name}({now})\n"
    title = f"{old.name}({', '.join(names)}) becomes {new.name}({now})"
    ground = habit.ground
    return PortRule(f"{gone.id}.renamed", gone.id, title, text, ground, (frozenset({old.name}),))


def member_rules(
    evolutions: Iterable[Evolution], before: Declarations, after: Declarations, counted: Counted
) -> Iterator[PortRule]:
    """What changed, what headers of both kernels declare and what the tree did with members -> a rule for each member that has
    another name."""
    gone = [one for one in evolutions if isinstance(one, MemberGone)]
    for (path, struct), ones in itertools.groupby(
        sorted(gone, key=lambda one: (one.old.path, one.old.struct, one.old.name)),
        key=lambda one: (one.old.path, one.old.struct),
    ):
        pairs = _renamed(_members(before(path), struct), _members(after(path), struct))
        had = {one.name for one in _members(before(path), struct)}
        come = [one for one in _members(after(path), struct) if one.name not in had]
        swaps = Counter(_swap(name, new) for name, new in pairs.items())
        for one in ones:
            new = pairs.get(one.old.name)
            ground = counted(_template(one.old, new.name)) if new is not None else None
            if new is None or ground is None:
                continue
            if ground.share >= _SHARE:
                yield _member_rule(one, new, ground)
            elif not ground.of and (swaps[_swap(one.old.name, new)] > 1 or _is_told(one.old, new, come, pairs)):
                yield _member_rule(one, new, FromDeclarations())


def _is_told(old: Member, new: Member, come: Iterable[Member], pairs: Mapping[str, Member]) -> bool:
    """Whether the declarations tell by themselves that a member has another name: one name has all words of the other, and
    nothing else that came has them (`no_64bit_msi` is not `no_aer_anfe`, `count` may be `rx_count` or `tx_count`)."""
    was, now = _words(old), _words(new)
    like = {one.name for one in come if was <= _words(one) and plain_type(one.type) == plain_type(new.type)}
    others = like - {one.name for one in pairs.values()} - {old.name}
    return (was <= now and not others) or now < was


def _swap(old: str, new: Member) -> tuple[frozenset[str], frozenset[str]]:
    """The words that stand for others: several members with the same ones were renamed together (`child_port`, `child_dev`)."""
    words = [frozenset(name.split("_")) for name in (old, new.name)]
    return words[0] - words[1], words[1] - words[0]


def _words(member: Member) -> set[str]:
    """The words of its name, one or many; the mark of its structure is none."""
    words = {word.removesuffix("s") for word in member.name.split("_")}
    return {word for word in words if len(word) > 1} or words


def _members(declared: Declared, struct: str) -> list[Member]:
    """The members of a structure in their order."""
    found = [ones[0] for (tag, _), ones in declared.members.items() if tag == struct]
    return sorted(found, key=lambda one: one.line)


def _renamed(old: Sequence[Member], new: Sequence[Member]) -> dict[str, Member]:
    """By name: the member of the same type, with a word of its name, that stands where one went."""
    found = {}
    matcher = SequenceMatcher(None, [one.name for one in old], [one.name for one in new], autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "replace" or end - start != last - first:
            continue
        for one, other in zip(old[start:end], new[first:last], strict=True):
            words = [set(each.name.split("_")) for each in (one, other)]
            same = plain_type(one.type) == plain_type(other.type)
            if same and words[0] & words[1] and not other.name.startswith("_"):
                found[one.name] = other
    return {**_marked(old, new), **found}


def _marked(old: Sequence[Member], new: Sequence[Member]) -> dict[str, Member]:
    """By name: the member of the same type that has the mark of its structure in front of the name by now (`private_data`,
    `i_private_data`), wherever it stands; a mark is a letter that another member had already."""
    before, after = ({one.name: one for one in some} for some in (old, new))
    marks = {name[:2] for name in before.keys() & after.keys() if re.match(r"[a-z]_[a-z]", name)}
    return {
        name: after[f"{mark}{name}"]
        for name in before.keys() - after.keys()
        for mark in sorted(marks)
        if f"{mark}{name}" in after.keys() - before.keys()
        and plain_type(before[name].type) == plain_type(after[f"{mark}{name}"].type)
    }


def _template(old: Member, new: str) -> Template:
    hole = (HOLE, 0)
    left = ("field_expression", hole, "->", ("field_identifier", old.name, old.struct))
    return Template(left, ("field_expression", hole, "->", ("field_identifier", new)), ())


def _member_rule(gone: MemberGone, new: Member, ground: Ground) -> PortRule:
    old = gone.old
    stem = f"renamed_{old.struct}_{old.name}"
    text = "".join(
        f"@{stem}_{kind}@\nstruct {old.struct} {star}E;\n@@\n- E{sign}{old.name}\n+ E{sign}{new.name}\n\n"
        for kind, star, sign in (("behind", "*", "->"), ("in", "", "."))
    )
    text += (
        f"@{stem}_initial@\nidentifier I;\nexpression V;\n@@\n struct {old.struct} I = {{\n"
        f"- .{old.name}\n+ .{new.name}\n = V,\n }};\n"
    )
    title = f"{old.struct}.{old.name} is {new.name} by now"
    return PortRule(f"{gone.id}.renamed", gone.id, title, text, ground, (frozenset({old.name}),))
