"""A changed method and the functions that made the step already -> HeadPlan, how others follow.

Types come from the headers.  The new parameter's name, and what becomes of the old one in the body, come from those functions:
where most of them took the old name for a local (`struct inode *inode = d_inode(dentry);`), so does the plan; where most of them
use the new name in its place, it renames; where they did neither, it leaves the body to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cocci_gen.port.changes.declared import Declared, Method
from cocci_gen.port.changes.evolutions import MethodChanged, MethodRenamed
from cocci_gen.port.lessons.examples import Pair, group_of
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.methods.body_uses import (
    FEWEST_LOCALS,
    BodyUse,
    Followed,
    Leaves,
    Recomputes,
    Renames,
    text_of,
    use_of,
)
from cocci_gen.port.methods.carried import Declarations, Siblings, carried, carried_alike
from cocci_gen.port.methods.fixed_values import fixed_value
from cocci_gen.port.methods.returned import AsBefore, Values, is_turned, values_of
from cocci_gen.port.texts.instances import Head, Instance, head_of
from cocci_gen.port.texts.parameters import Removed, Retyped, meant, name_of, without_name

BASIC = frozenset(
    {"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool", "const",
     "volatile", "struct", "union", "enum"}
)  # fmt: skip

#: No other method says anything.
NO_SIBLINGS: Siblings = MappingProxyType({})
HeadChange = MethodChanged | MethodRenamed


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """How the functions of a method follow: names of the new parameters, what becomes of the old ones in the bodies, and which
    functions of the tree made the same step."""

    evolution: HeadChange
    names: tuple[str, ...]
    uses: Mapping[int, BodyUse]
    shown: tuple[str, ...]
    groups: int
    values: Values = field(default_factory=AsBefore)


@dataclass(frozen=True, slots=True)
class HeadExamples:
    """The functions of the tree that made a step, and what the instances of the new tree call their parameters (group, names)."""

    followed: tuple[Followed, ...]
    named: tuple[tuple[str, tuple[str, ...]], ...]


def head_examples(
    evolution: HeadChange,
    before: Iterable[Instance],
    after: Iterable[Instance],
    pairs: Mapping[tuple[str, str], Pair],
) -> HeadExamples:
    """A changed method, its instances in both trees and the pairs by path and name -> the examples of it."""
    found: dict[tuple[str, str], Followed] = {}
    for instance in before:
        key = (instance.function.path, instance.function.name)
        pair = pairs.get(key)
        if pair is None or key in found:
            continue
        old, new = head_of(pair.old), head_of(pair.new)
        if old is not None and new is not None and has_prototype(new, evolution.new):
            found[key] = Followed(pair, old, new)
    named = []
    for instance in after:
        head = head_of(instance.function)
        if head is not None and fits(head, evolution.new):
            named.append((group_of(instance.function.path), tuple(name_of(one) for one in head.parameters)))
    return HeadExamples(tuple(found.values()), tuple(named))


def plan_head(
    evolution: HeadChange,
    examples: HeadExamples,
    habits: Habits,
    excluded: Collection[str] = (),
    headers: Declarations = lambda path: Declared(),
    siblings: Siblings = NO_SIBLINGS,
) -> HeadPlan:
    """A changed method, what the tree shows without the groups that are excluded, the new headers by path, and what other methods
    of its structure say -> the plan."""
    followed = [one for one in examples.followed if one.pair.group not in excluded]
    names = _names(evolution, [names for group, names in examples.named if group not in excluded])
    uses: dict[int, BodyUse] = {}
    for step in evolution.steps:
        if isinstance(step, Retyped | Removed):
            position = step.new if isinstance(step, Retyped) else -1
            uses[step.old] = use_of(followed, step.old, position)
        if isinstance(step, Removed) and isinstance(uses[step.old], Leaves):
            kind = without_name(evolution.old.prototype.parameters[step.old])
            uses[step.old] = fixed_value(followed, step.old, kind) or uses[step.old]
        if isinstance(step, Retyped):
            use = uses[step.old]
            if _shows_little(use):
                use = (
                    _carried(evolution, step, headers, siblings) or _by_habit(evolution, step, habits, excluded) or use
                )
            if isinstance(use, Renames) and not _alike(evolution, step):
                use = Leaves(
                    use.shown, use.of
                )  # one name went and another came, which proves nothing of a number and a pointer
            if isinstance(use, Renames) and not use.of:
                use = unseen_use(evolution, step)
            uses[step.old] = _through(use, evolution, step, habits, excluded)
    places = tuple(f"{one.pair.old.path}: {one.pair.old.name}()" for one in followed)
    bodies = [(text_of(one.pair.old), text_of(one.pair.new)) for one in followed]
    values = values_of(evolution.old.prototype.returns, evolution.new.prototype.returns, bodies)
    return HeadPlan(evolution, names, uses, places, len({one.pair.group for one in followed}), values)


def _shows_little(use: BodyUse) -> bool:
    """Whether the instances do not say what becomes of a body: too few of them, or no two alike."""
    return isinstance(use, Leaves) or (isinstance(use, Renames) and use.shown < FEWEST_LOCALS)


def unseen_use(evolution: HeadChange, step: Retyped | Removed) -> BodyUse:
    """What becomes of a parameter in a body where there is no example of it."""
    if isinstance(step, Removed) or not _alike(evolution, step):
        return Leaves(0, 0)
    return Leaves(0, 0) if _is_anything(evolution, step) or _asks_otherwise(evolution, step) else Renames(0, 0)


def _is_anything(evolution: HeadChange, step: Retyped) -> bool:
    """Whether the successor takes whatever it is given under another name (`connector *connp`, `void *obj`): no compiler tells
    what it is no more."""
    old, new = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    return without_name(new).removeprefix("const ") == "void *" and name_of(old) != name_of(new)


def _asks_otherwise(evolution: HeadChange, step: Retyped) -> bool:
    """Whether what was true or false is a number of another name by now (`bool rcu`, `int flags`), or the other way round: a
    test of it compiles as before, and asks for something else."""
    old, new = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    return is_turned(without_name(old), without_name(new)) and not (name_of(old) == name_of(new) != "")


def tags_between(evolution: HeadChange, step: Retyped, stars: str) -> tuple[str, str] | None:
    """The tags that a parameter pointed to before and after, through so many stars."""
    parameters = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    found = [re.fullmatch(rf"(?:const )?struct (\w+) {re.escape(stars)}", without_name(one)) for one in parameters]
    return (found[0].group(1), found[1].group(1)) if found[0] is not None and found[1] is not None else None


def _alike(evolution: HeadChange, step: Retyped) -> bool:
    """Whether a successor may stand where the old parameter did: a structure that pointed to another one, or a number that has
    another width.  What a pointer points to is no number."""
    parameters = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    stars = [without_name(one).count("*") for one in parameters]
    return stars[0] == stars[1]


def is_only_const(evolution: HeadChange, step: Retyped) -> bool:
    """Whether a parameter is the same but that nobody may change what it points to; a body that does is told by the compiler."""
    old, new = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    return without_name(new) == f"const {without_name(old)}"


def _carried(evolution: HeadChange, step: Retyped, headers: Declarations, siblings: Siblings) -> Recomputes | None:
    """What the header says where the new parameter is a structure that carries the old one."""
    value = carried(evolution.old, evolution.new, step, headers)
    value = value or carried_alike(evolution.old, evolution.new, step, siblings)
    kind = without_name(evolution.old.prototype.parameters[step.old])
    return Recomputes(kind, value, 0, 0) if value else None


def _by_habit(evolution: HeadChange, step: Retyped, habits: Habits, excluded: Collection[str]) -> Recomputes | None:
    """What functions elsewhere do that have the new parameter and want the old one."""
    tags = tags_between(evolution, step, "*")
    habit = habits.find(*tags, excluded) if tags is not None else None
    if tags is None or habit is None:
        return None
    return Recomputes(f"struct {tags[0]} *", habit.value.replace("{}", f"{{{step.new}}}"), habit.shown, habit.of)


def _through(use: BodyUse, evolution: HeadChange, step: Retyped, habits: Habits, excluded: Collection[str]) -> BodyUse:
    """The use of a parameter with what leads from the new structure to the old one and back; what a pointer to a pointer leads to
    has another type as well."""
    if isinstance(use, Recomputes):
        pair = tags_between(evolution, step, "*")
        habit = habits.find(pair[1], pair[0], excluded) if pair is not None else None
        return replace(use, back=habit.value if habit else "")
    tags = tags_between(evolution, step, "**")
    if not isinstance(use, Renames) or tags is None or tags[0] == tags[1]:
        return use
    there, back = habits.find(tags[1], tags[0], excluded), habits.find(*tags, excluded)
    return replace(use, stores=there.value if there else "", reads=back.value if back else "")


def fits(head: Head, method: Method) -> bool:
    """Whether a head has the prototype of a method."""
    return [meant(one) for one in head.parameters] == [meant(one) for one in method.prototype.parameters]


def has_prototype(head: Head, method: Method) -> bool:
    """Whether a head has the parameters of a method and returns what it returns."""
    return fits(head, method) and returns_fit(head, method)


def _names(evolution: HeadChange, named: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The names of the new parameters: what the instances of the new tree call them, else the header, else its type."""
    votes = [Counter[str]() for _ in evolution.new.prototype.parameters]
    for ones in named:
        for vote, name in zip(votes, ones, strict=True):
            vote[name] += 1
    names = []
    for vote, parameter in zip(votes, evolution.new.prototype.parameters, strict=True):
        told = [name for name, _ in vote.most_common() if name]
        names.append(told[0] if told else name_of(parameter) or _from_type(parameter))
    return _distinct(names)


def _from_type(parameter: str) -> str:
    words = [word for word in re.findall(r"\w+", parameter) if word not in BASIC]
    return words[-1].removesuffix("_t").split("_")[-1] if words else "arg"


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    seen: list[str] = []
    for name in names:
        unique, number = name, 2
        while unique in seen:
            unique, number = f"{name}{number}", number + 1
        seen.append(unique)
    return tuple(seen)


def returns_fit(head: Head, method: Method) -> bool:
    """Whether a head returns what a method does."""
    return meant(f"{head.returns} ") == meant(f"{method.prototype.returns} ")
