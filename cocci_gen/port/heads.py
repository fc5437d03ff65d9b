"""A changed method and the functions that implement it -> the SmPL that gives them the new head.

Types come from the headers.  The new parameter's name, and what becomes of the old one in the body, come from the
functions that made the step already: where most of them took the old name for a local (`struct inode *inode =
d_inode(dentry);`), so does this rule; where most of them use the new name in its place, it renames; where they did
neither, it leaves the body to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cocci_gen.port.carried import Declarations, carried
from cocci_gen.port.declared import Declared, Method
from cocci_gen.port.evolutions import MethodChanged, MethodRenamed, plain_type
from cocci_gen.port.examples import Pair, group_of
from cocci_gen.port.habits import Habits
from cocci_gen.port.instances import Head, Instance, Written, head_of
from cocci_gen.port.nulls import may_be_null
from cocci_gen.port.parameters import Added, Kept, MovedAway, MovedHere, Removed, Retyped, meant, name_of, without_name
from cocci_gen.port.returned import AsBefore, Unknown, Values, returns_a_value, returns_text, values_of

#: A local of the old name is the way when so many did so, and this share of all; half of a tree does its own thing.
_FEWEST_LOCALS, _SHARE_OF_LOCALS = 3, 0.3
#: Renaming in the body needs this share of the functions that use the parameter.
_SHARE_OF_RENAMED = 0.8
_BASIC = frozenset(
    {"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool", "const",
     "volatile", "struct", "union", "enum"}
)  # fmt: skip


#: Types that SmPL knows by themselves, and does not let anybody announce.
_SMPL = frozenset({"size_t", "ssize_t", "ptrdiff_t"})


@dataclass(frozen=True, slots=True)
class Renames:
    """The body uses the new parameter wherever it used the old one; `of` functions that use it, `shown` did so.

    Where it points to a pointer of another type, `stores` is what is made of what the body stores there, `reads` of what it reads
    (`{}` in them for that), "" where the tree shows neither.
    """

    shown: int
    of: int
    stores: str = ""
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Recomputes:
    """The body keeps the old name for a local with this type and initial value; `{0}` in it is the new parameter 0.  `back` is
    how one comes from such a local (`{}`) to what it was made of, "" where the tree does not show it."""

    type: str
    value: str
    shown: int
    of: int
    back: str = ""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The examples agree on nothing: the body is left to a person."""

    shown: int
    of: int


BodyUse = Renames | Recomputes | Leaves
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
class _Followed:
    """An instance that made the step: both heads, both texts."""

    pair: Pair
    before: Head
    after: Head


@dataclass(frozen=True, slots=True)
class HeadExamples:
    """The functions of the tree that made a step, and what the instances of the new tree call their parameters (group, names)."""

    followed: tuple[_Followed, ...]
    named: tuple[tuple[str, tuple[str, ...]], ...]


def head_examples(
    evolution: HeadChange,
    before: Iterable[Instance],
    after: Iterable[Instance],
    pairs: Mapping[tuple[str, str], Pair],
) -> HeadExamples:
    """A changed method, its instances in both trees and the pairs by path and name -> the examples of it."""
    found: dict[tuple[str, str], _Followed] = {}
    for instance in before:
        key = (instance.function.path, instance.function.name)
        pair = pairs.get(key)
        if pair is None or key in found:
            continue
        old, new = head_of(pair.old), head_of(pair.new)
        if old is not None and new is not None and has_prototype(new, evolution.new):
            found[key] = _Followed(pair, old, new)
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
) -> HeadPlan:
    """A changed method, what the tree shows without the groups that are excluded, and the new headers by path -> the plan."""
    followed = [one for one in examples.followed if one.pair.group not in excluded]
    names = _names(evolution, [names for group, names in examples.named if group not in excluded])
    uses: dict[int, BodyUse] = {}
    for step in evolution.steps:
        if isinstance(step, Retyped | Removed):
            position = step.new if isinstance(step, Retyped) else -1
            uses[step.old] = _use(followed, step.old, position)
        if isinstance(step, Retyped):
            use = uses[step.old]
            if _shows_little(use):
                use = _carried(evolution, step, headers) or _by_habit(evolution, step, habits, excluded) or use
            if isinstance(use, Renames) and not _alike(evolution, step):
                use = Leaves(
                    use.shown, use.of
                )  # one name went and another came, which proves nothing of a number and a pointer
            if isinstance(use, Renames) and not use.of:
                use = unseen_use(evolution, step)
            uses[step.old] = _through(use, evolution, step, habits, excluded)
    places = tuple(f"{one.pair.old.path}: {one.pair.old.name}()" for one in followed)
    bodies = [(_text(one.pair.old), _text(one.pair.new)) for one in followed]
    values = values_of(evolution.old.prototype.returns, evolution.new.prototype.returns, bodies)
    return HeadPlan(evolution, names, uses, places, len({one.pair.group for one in followed}), values)


def _text(function: Written) -> str:
    return function.text.decode("utf-8", "replace")


def _shows_little(use: BodyUse) -> bool:
    """Whether the instances do not say what becomes of a body: too few of them, or no two alike."""
    return isinstance(use, Leaves) or (isinstance(use, Renames) and use.shown < _FEWEST_LOCALS)


def unseen_use(evolution: HeadChange, step: Retyped | Removed) -> BodyUse:
    """What becomes of a parameter in a body where there is no example of it."""
    if isinstance(step, Retyped) and _alike(evolution, step) and not _is_anything(evolution, step):
        return Renames(0, 0)
    return Leaves(0, 0)


def _is_anything(evolution: HeadChange, step: Retyped) -> bool:
    """Whether the successor takes whatever it is given under another name (`connector *connp`, `void *obj`): no compiler tells
    what it is no more."""
    old, new = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    return without_name(new).removeprefix("const ") == "void *" and name_of(old) != name_of(new)


def _tags(evolution: HeadChange, step: Retyped, stars: str) -> tuple[str, str] | None:
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


def _only_const(evolution: HeadChange, step: Retyped) -> bool:
    """Whether a parameter is the same but that nobody may change what it points to; a body that does is told by the compiler."""
    old, new = evolution.old.prototype.parameters[step.old], evolution.new.prototype.parameters[step.new]
    return without_name(new) == f"const {without_name(old)}"


def _carried(evolution: HeadChange, step: Retyped, headers: Declarations) -> Recomputes | None:
    """What the header says where the new parameter is a structure that carries the old one."""
    value = carried(evolution.old, evolution.new, step, headers)
    kind = without_name(evolution.old.prototype.parameters[step.old])
    return Recomputes(kind, value, 0, 0) if value else None


def _by_habit(evolution: HeadChange, step: Retyped, habits: Habits, excluded: Collection[str]) -> Recomputes | None:
    """What functions elsewhere do that have the new parameter and want the old one."""
    tags = _tags(evolution, step, "*")
    habit = habits.find(*tags, excluded) if tags is not None else None
    if tags is None or habit is None:
        return None
    return Recomputes(f"struct {tags[0]} *", habit.value.replace("{}", f"{{{step.new}}}"), habit.shown, habit.of)


def _through(use: BodyUse, evolution: HeadChange, step: Retyped, habits: Habits, excluded: Collection[str]) -> BodyUse:
    """The use of a parameter with what leads from the new structure to the old one and back; what a pointer to a pointer leads to
    has another type as well."""
    if isinstance(use, Recomputes):
        pair = _tags(evolution, step, "*")
        habit = habits.find(pair[1], pair[0], excluded) if pair is not None else None
        return replace(use, back=habit.value if habit else "")
    tags = _tags(evolution, step, "**")
    if not isinstance(use, Renames) or tags is None or tags[0] == tags[1]:
        return use
    there, back = habits.find(tags[1], tags[0], excluded), habits.find(*tags, excluded)
    return replace(use, stores=there.value if there else "", reads=back.value if back else "")


def fits(head: Head, method: Method) -> bool:
    """Whether a head has the prototype of a method."""
    return [meant(one) for one in head.parameters] == [meant(one) for one in method.prototype.parameters]


def has_prototype(head: Head, method: Method) -> bool:
    """Whether a head has the parameters of a method and returns what it returns."""
    return fits(head, method) and _returns_fit(head, method)


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
    words = [word for word in re.findall(r"\w+", parameter) if word not in _BASIC]
    return words[-1].removesuffix("_t").split("_")[-1] if words else "arg"


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    seen: list[str] = []
    for name in names:
        unique, number = name, 2
        while unique in seen:
            unique, number = f"{name}{number}", number + 1
        seen.append(unique)
    return tuple(seen)


def _use(pairs: Sequence[_Followed], old: int, new: int) -> BodyUse:
    """What became of old parameter number `old` in the bodies; `new` is its successor's number, -1 for none."""
    locals_: Counter[tuple[str, str]] = Counter()
    users = renamed = 0
    for one in pairs:
        name = name_of(one.before.parameters[old]) if old < len(one.before.parameters) else ""
        body = _text(one.pair.old).partition("{")[2]
        if not name or not re.search(rf"\b{name}\b", body):
            continue
        users += 1
        after = _text(one.pair.new).partition("{")[2]
        mine = [name_of(parameter) for parameter in one.after.parameters]
        local = re.search(rf"^\s*((?:const )?(?:struct )?\w+ \**){name} = ([^;\n]+);", after, re.MULTILINE)
        if local and name not in mine and (value := _template(local.group(2), mine)):
            locals_[local.group(1).strip(), value] += 1
        elif new >= 0 and (mine[new] == name or not re.search(rf"\b{name}\b", after)):
            renamed += bool(re.search(rf"\b{mine[new]}\b", after))
        elif new < 0 and not re.search(rf"\b{name}\b", after):
            renamed += 0
    if locals_:
        (kind, value), count = locals_.most_common(1)[0]
        if count >= _FEWEST_LOCALS and count >= _SHARE_OF_LOCALS * users:
            return Recomputes(kind, value, count, users)
    if new >= 0 and renamed >= _SHARE_OF_RENAMED * users:
        return Renames(renamed, users)
    return Leaves(renamed, users)


def _template(value: str, parameters: Sequence[str]) -> str:
    """An expression that names a parameter, with `{number}` in its place; "" for one that names none, or a local."""
    used = False

    def mark(match: re.Match[str]) -> str:
        nonlocal used
        if match.group() in parameters:
            used = True
            return f"{{{parameters.index(match.group())}}}"
        return match.group()

    if "{" in value or "}" in value:
        return ""
    text = re.sub(r"(?<![\w.>])[A-Za-z_]\w*", mark, value)
    return text if used else ""


@dataclass(frozen=True, slots=True)
class HeadRule:
    """SmPL for the functions of one spelling of the old head, and whose it is."""

    text: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoHeadRule:
    """A function that no rule can be made for, and why."""

    function: Written
    reason: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the functions of one rule share."""

    replaced: tuple[tuple[int, str], ...]  # number and type of each parameter that does not stay
    count: int
    names: tuple[str, ...]
    returns: str
    kept: tuple[int, ...]  # old parameters whose uses in the body stay as they are


def head_rules(
    plan: HeadPlan, instances: Iterable[Instance], first: int = 0
) -> tuple[tuple[HeadRule, ...], tuple[NoHeadRule, ...]]:
    """The plan and the instances in the code at hand -> rules (numbered from `first`), and functions that need a person; those
    that have the new head already need nothing."""
    shapes: dict[_Shape, list[str]] = {}
    refused: list[NoHeadRule] = []
    seen: set[tuple[str, int]] = set()
    for instance in instances:
        function = instance.function
        if (function.path, function.span.start) in seen:
            continue
        seen.add((function.path, function.span.start))
        head = head_of(function)
        if not instance.typed and (head is None or not fits(head, plan.evolution.old)):
            continue  # a method of the same name of some other structure
        if head is None:
            refused.append(NoHeadRule(function, "its head is made by a macro or split by a condition"))
        elif has_prototype(head, plan.evolution.new):
            continue
        elif not fits(head, plan.evolution.old):
            refused.append(
                NoHeadRule(function, f"its parameters are those of neither kernel: {', '.join(head.parameters)}")
            )
        else:
            shape = _shape(plan, head, function)
            shapes.setdefault(shape, []).append(function.name)
    rules = [HeadRule(_render(plan, shape, sorted(set(ones)), number), tuple(sorted(set(ones))))
             for number, (shape, ones) in enumerate(shapes.items(), first)]  # fmt: skip
    return tuple(rules), tuple(refused)


def unsure_bodies(plan: HeadPlan, instances: Iterable[Instance]) -> tuple[NoHeadRule, ...]:
    """The functions that get the new head, but whose body uses a parameter of which the tree does not show what becomes of it."""
    found: dict[tuple[str, int, int], NoHeadRule] = {}
    only_const = {
        step.old for step in plan.evolution.steps if isinstance(step, Retyped) and _only_const(plan.evolution, step)
    }
    uses = {number: use for number, use in plan.uses.items() if number not in only_const}
    for instance in instances:
        function, head = instance.function, head_of(instance.function)
        if head is None or not fits(head, plan.evolution.old):
            continue
        returns = isinstance(plan.values, Unknown) and not _returns_fit(head, plan.evolution.new)
        if returns and returns_a_value(_text(function)):
            reason = f"it returns `{head.returns}`, of which the tree does not show what becomes"
            found[function.path, function.span.start, -1] = NoHeadRule(function, reason)
        if fits(head, plan.evolution.new):
            continue
        body = _text(function).partition("{")[2]
        for number, use in uses.items():
            name = name_of(head.parameters[number])
            blind = _blind(plan, head, function, number)
            if name and re.search(rf"(?<![>.\w]){name}\b", body):
                reason = _unsure(use, head.parameters[number], blind=blind)
                if reason:
                    found[function.path, function.span.start, number] = NoHeadRule(function, reason)
    return tuple(found.values())


def _unsure(use: BodyUse, parameter: str, *, blind: bool) -> str:
    """Why nobody can be sure of a body; "" where the tree agrees."""
    if isinstance(use, Recomputes) or (isinstance(use, Renames) and use.of and not blind):
        return ""
    if isinstance(use, Renames) and blind and use.of:
        return f"the body looks into `{parameter}`, whose successor points to something else"
    if isinstance(use, Renames):
        return f"the body uses the successor of `{parameter}` as before, for which the tree has no example"
    rest = f"{use.shown} of {use.of} functions of the tree use its successor"
    return f"the body still uses `{parameter}`, which the new head does not have; {rest}"


def _returns_fit(head: Head, method: Method) -> bool:
    return meant(f"{head.returns} ") == meant(f"{method.prototype.returns} ")


def _shape(plan: HeadPlan, head: Head, function: Written) -> _Shape:
    replaced = tuple(
        (step.old, without_name(head.parameters[step.old]))
        for step in plan.evolution.steps
        if isinstance(step, Retyped | Removed | MovedAway)
    )
    changes = plain_type(plan.evolution.old.prototype.returns) != plain_type(plan.evolution.new.prototype.returns)
    returns = plan.evolution.new.prototype.returns if changes else ""
    kept = tuple(number for number in plan.uses if _blind(plan, head, function, number))
    return _Shape(replaced, len(head.parameters), _free_names(plan, head, function), returns, kept)


def _blind(plan: HeadPlan, head: Head, function: Written, number: int) -> bool:
    """Whether a body looks into a parameter for which no example shows that its successor can be used in its place."""
    use, name = plan.uses[number], name_of(head.parameters[number])
    if not isinstance(use, Renames) or not name:
        return False
    body = _text(function).partition("{")[2]
    looked = re.search(rf"(?<![>.\w]){name}\s*(?:->|\[)|\*\s*{name}\b", body) is not None
    if _tags_of_pointers(plan.evolution, number) is None:
        return looked and not use.of
    return looked and (not (use.stores and use.reads) or may_be_null(body, name))


def _tags_behind(evolution: HeadChange) -> list[tuple[str, str]]:
    """What pointers to pointers lead to, before and after, where that changed."""
    numbers = [step.old for step in evolution.steps if isinstance(step, Retyped)]
    return [tags for number in numbers if (tags := _tags_of_pointers(evolution, number)) is not None][:1]


def _tags_of_pointers(evolution: HeadChange, number: int) -> tuple[str, str] | None:
    """The tags that a pointer to a pointer leads to before and after, where they differ."""
    for step in evolution.steps:
        if isinstance(step, Retyped) and step.old == number:
            tags = _tags(evolution, step, "**")
            return tags if tags is not None and tags[0] != tags[1] else None
    return None


def _free_names(plan: HeadPlan, head: Head, function: Written) -> tuple[str, ...]:
    """The plan's names, others where the function uses them for something else."""
    own = {name_of(one) for one in head.parameters}
    leaving = {
        name_of(head.parameters[step.old])
        for step in plan.evolution.steps
        if isinstance(step, Retyped | Removed) and not isinstance(plan.uses.get(step.old), Recomputes)
    }
    body = _text(function).partition("{")[2]
    names = list(plan.names)
    for step in plan.evolution.steps:
        if isinstance(step, Retyped | Added):
            name = names[step.new]
            declared = re.search(
                rf"(?m)^\s*(?:const |struct |union |enum |unsigned )*\w+[ \t*]+(?:[^;(]*,\s*\**)?{name}\s*[;=,\[]", body
            )
            if name in own - leaving or (declared and name not in leaving):
                names[step.new] = f"new_{name}"
    return tuple(names)


def _render(plan: HeadPlan, shape: _Shape, functions: Sequence[str], number: int) -> str:
    """The rule for definitions, and those for declarations that stand elsewhere, with and without names."""
    stem = re.sub(r"\W", "_", f"{plan.evolution.old.struct}_{plan.evolution.old.name}_{number}")
    items = _items(plan, shape)
    kinds = sorted({word for item in items for word in _typedefs(item.old_type) | _typedefs(item.new_type)})
    shared = [
        f"identifier fn = {{{', '.join(functions)}}};",
        *(f"parameter list[{item.run}] {item.keeps};" for item in items if item.keeps),
        *(f"typedef {kind};" for kind in kinds),
    ]
    names = [f"identifier {item.old_name};" for item in items if item.old_name and not item.arrives]
    returns = ["- R", f"+ {shape.returns}"] if shape.returns else []
    named, unnamed = _list(items, shape, named=True), _list(items, shape, named=False)
    body = _body(plan, shape)
    more = ["type R;"] if returns else []
    if any(re.search(r"\bX\b", line) for line in body):
        more += ["expression X;", *(f"struct {tags[1]} *F;" for tags in _tags_behind(plan.evolution))]
    # A parameter that became const would be taken for the old one again.
    exact = " disable optional_qualifier" if any(item.new_type == f"const {item.old_type}" for item in items) else ""
    rules = [
        [f"@{stem}{exact}@", *shared, *names, *more, "@@", *returns, " fn(", *named, " )", *body],
        [f"@{stem}_declared{exact}@", *shared, *names, "type R;", "@@", *(returns or [" R"]), " fn(", *named, " );"],
        [f"@{stem}_unnamed{exact}@", *shared, "type R;", "@@", *(returns or [" R"]), " fn(", *unnamed, " );"],
    ]
    text = "\n\n".join("\n".join(rule) for rule in rules) + "\n"
    values = returns_text(plan.values, stem, functions)
    return f"{text}\n{values}" if values else text


@dataclass(frozen=True, slots=True)
class _Item:
    """One part of a parameter list: a run of parameters that stay, or one that goes, comes, or does both."""

    keeps: str = ""
    run: int = 0
    old_type: str = ""
    old_name: str = ""
    new_type: str = ""
    new_name: str = ""
    arrives: bool = False


def _items(plan: HeadPlan, shape: _Shape) -> list[_Item]:
    old_types = dict(shape.replaced)
    new = plan.evolution.new.prototype.parameters
    items: list[_Item] = []
    for step in plan.evolution.steps:
        match step:
            case Kept():
                if items and items[-1].keeps:
                    items[-1] = replace(items[-1], run=items[-1].run + 1)
                else:
                    items.append(_Item(keeps=f"PL{len(items)}", run=1))
            case Retyped(old=i, new=j):
                name = f"P{i}" if _keeps_name(plan, step) else shape.names[j]
                items.append(_Item("", 0, old_types[i], f"P{i}", without_name(new[j]), name))
            case Added(new=j) if items and items[-1].new_name and not items[-1].old_type and not items[-1].arrives:
                before = declaration_of(items[-1].new_type, items[-1].new_name)  # one line, or spatch breaks it
                items[-1] = replace(items[-1], new_type=f"{before}, {without_name(new[j])}", new_name=shape.names[j])
            case Added(new=j):
                items.append(_Item(new_type=without_name(new[j]), new_name=shape.names[j]))
            case Removed(old=i) | MovedAway(old=i):
                items.append(_Item(old_type=old_types[i], old_name=f"P{i}"))
            case MovedHere(old=i):
                items.append(_Item(new_type=old_types[i], new_name=f"P{i}", arrives=True))
    return items


def _list(items: Iterable[_Item], shape: _Shape, *, named: bool) -> list[str]:
    """The lines between the brackets; a comma stands before each parameter that has one before it in its own list."""
    lines = [] if shape.count else ["- void"]
    had = has = False
    for item in items:
        leaves, comes = bool(item.keeps or item.old_type), bool(item.keeps or item.new_type)
        sign = {(True, True): " ,", (True, False): "- ,", (False, True): "+ ,"}.get((had and leaves, has and comes), "")
        if sign == "+ ," and not item.keeps:  # one line, or spatch breaks it
            sign, comma = "", ", "
        else:
            comma = ""
        lines += [sign] if sign else []
        if item.keeps:
            lines.append(f" {item.keeps}")
        if item.old_type:
            lines.append(f"- {declaration_of(item.old_type, item.old_name if named else '')}")
        if item.new_type:
            lines.append(f"+ {comma}{declaration_of(item.new_type, item.new_name if named else '')}")
        had, has = had or leaves, has or comes
    return lines


def declaration_of(kind: str, name: str) -> str:
    """`struct page **` and `pagep` -> `struct page **pagep`."""
    return f"{kind}{'' if kind.endswith('*') or not name else ' '}{name}"


def _typedefs(kind: str) -> set[str]:
    """The words of a type that SmPL has to be told are types."""
    tagged = re.sub(r"\b(?:struct|union|enum)\s+\w+", " ", kind)
    return {
        word for word in re.findall(r"[A-Za-z_]\w*", tagged) if word not in _BASIC and not word.startswith("__")
    } - _SMPL


def _body(plan: HeadPlan, shape: _Shape) -> list[str]:
    """The body of the rule: locals that are computed anew, and uses of the old name that become the new one."""
    added, renamed = [], []
    for step in plan.evolution.steps:
        if not isinstance(step, Retyped | Removed):
            continue
        use = plan.uses.get(step.old)
        if isinstance(use, Recomputes):
            added.append(f"+ {declaration_of(use.type, f'P{step.old}')} = {use.value.format(*shape.names)};")
        elif isinstance(use, Renames) and isinstance(step, Retyped) and not _stays(plan, step, shape):
            renamed += _renamed(use, f"P{step.old}", shape.names[step.new])
    lines = [" {", *added]
    if len(renamed) == 1:
        lines += [" <...", f"- {renamed[0][0]}", f"+ {renamed[0][1]}", " ...>"]
    elif renamed:
        ways = [line for old, new in renamed for line in ("|", f"- {old}", f"+ {new}")][1:]
        lines += [" <...", "(", *ways, ")", " ...>"]
    elif added:
        lines.append(" ...")
    else:
        lines.append(" ...")
    return [*lines, " }"]


def _keeps_name(plan: HeadPlan, step: Retyped) -> bool:
    """Whether a parameter is what it was, so that a body that uses it can go on by the name that its author gave it."""
    return _only_const(plan.evolution, step) and not isinstance(plan.uses.get(step.old), Recomputes)


def _stays(plan: HeadPlan, step: Retyped, shape: _Shape) -> bool:
    """Whether the uses of a parameter in the body stay as they are."""
    return step.old in shape.kept or _keeps_name(plan, step)


def _renamed(use: Renames, old: str, new: str) -> list[tuple[str, str]]:
    """What stands for what in a body, the longer ones first: what is stored and read through a pointer has another type."""
    ways = []
    if use.stores and use.reads:
        ways = [
            (f"*{old} = NULL", f"*{new} = NULL"),
            (f"*{old} = {use.reads.replace('{}', 'F')}", f"*{new} = F"),
            (f"*{old} = X", f"*{new} = {use.stores.replace('{}', 'X')}"),
            (f"*{old}", use.reads.replace("{}", f"(*{new})")),
        ]
    return [*ways, (old, new)]


def table_rule(evolution: MethodRenamed) -> str:
    """The SmPL that gives a renamed method its new name in tables and where it is called or assigned through a pointer."""
    old, new, struct = evolution.old.name, evolution.new.name, evolution.old.struct
    stem = f"{struct}_{old}"
    return (
        f"@{stem}_table@\nidentifier table;\nexpression E;\n@@\n struct {struct} table = {{\n- .{old}\n+ .{new}\n = E,\n }};\n\n"
        f"@{stem}_use@\nstruct {struct} *E;\n@@\n E->\n- {old}\n+ {new}\n"
    )
