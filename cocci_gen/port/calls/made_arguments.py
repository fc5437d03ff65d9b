"""Functions that take by now what one made the old argument of -> rules that give that.

`posix_acl_chmod(map, inode, mode)` takes a dentry in place of the inode.  Nobody can come from an inode to its dentry; but where
`struct inode *inode = d_inode(dentry)` stands above the call, the dentry is at hand, and most callers of the tree give it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged
from cocci_gen.port.lessons.generalise import Function
from cocci_gen.port.lessons.habits import Habit, Habits
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.parameters import Kept, Retyped, without_name
from cocci_gen.port.texts.terms import Term, subterms, written

_POINTED = re.compile(r"(?:const )?struct (\w+) \*")
#: Places that are told by name.
#: The name of a function -> the functions of the tree that called it before.
Callers = Callable[[str], Iterable[Function]]


def made_rules(
    evolutions: Iterable[Evolution], habits: Habits, callers: Callers, excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, the habits of the tree without some groups and the callers of a function -> a rule for each argument of which
    enough callers gave what was made of what they give by now."""
    for one in evolutions:
        if isinstance(one, FunctionChanged) and all(isinstance(step, Kept | Retyped) for step in one.steps):
            for step in (each for each in one.steps if isinstance(each, Retyped) and each.old == each.new):
                tags = _tags(one, step)
                habit = habits.find(*tags, excluded) if tags is not None else None
                if tags is not None and habit is not None:
                    ground = _ground(one, step.old, habit, callers(one.old.name))
                    if ground is not None:
                        yield _rule(one, step.old, tags, habit, ground)


def _tags(one: FunctionChanged, step: Retyped) -> tuple[str, str] | None:
    """The tags that a parameter pointed to before and points to by now, where they differ."""
    found = [
        _POINTED.fullmatch(without_name(side)) for side in (one.old.parameters[step.old], one.new.parameters[step.new])
    ]
    if found[0] is None or found[1] is None or found[0][1] == found[1][1]:
        return None
    return found[0][1], found[1][1]


def _ground(one: FunctionChanged, place: int, habit: Habit, callers: Iterable[Function]) -> Learned | None:
    """What the callers show that made the old argument by the habit; None where too few of them give what it was made of."""
    places: dict[str, bool] = {}
    groups: set[str] = set()
    for caller in callers:
        given = [arguments[place] for arguments in _calls(caller.old, one.old.name) if len(arguments) > place]
        sources = {made for argument in given if (made := _source(argument, caller.old, habit))}
        now = {written(arguments[place]) for arguments in _calls(caller.new, one.new.name) if len(arguments) > place}
        if sources:
            follows = bool(sources & now)
            places[caller.place] = follows
            groups |= {caller.pair.group} if follows else set()
    shown, others = ([name for name, follows in places.items() if follows is wanted] for wanted in (True, False))
    return learned(shown, others, groups) if enough(len(shown), len(places), groups) else None


def _source(argument: Term, body: Term, habit: Habit) -> str:
    """The name that an argument was made of, by itself or as a local; "" for another argument."""
    pattern = re.compile(re.escape(habit.value).replace(re.escape("{}"), r"([A-Za-z_]\w*)"))
    values = [argument]
    if isinstance(argument, tuple) and argument[0] == "identifier":
        for part in subterms(body):
            if part[0] in ("init_declarator", "assignment_expression") and _names(part[1], argument[1]):
                values.append(part[-1])
    found = [match[1] for value in values if (match := pattern.fullmatch(written(value)))]
    return found[0] if found else ""


def _names(declarator: Term, name: str) -> bool:
    """Whether a declarator or the left side of an assignment is a name, with stars or without."""
    return isinstance(declarator, tuple) and written(declarator).lstrip("* ") == name


def _calls(body: Term, name: str) -> Iterator[list[Term]]:
    """The arguments of each call of a function."""
    for part in subterms(body):
        if part[0] == "call_expression" and part[1] == ("identifier", name):
            yield [one for one in part[2][1:] if isinstance(one, tuple)]


def _rule(one: FunctionChanged, place: int, tags: tuple[str, str], habit: Habit, ground: Learned) -> PortRule:
    count, name = len(one.old.parameters), one.old.name
    arguments = [f"A{number}" for number in range(count)]
    others = "".join(f"expression A{number};\n" for number in range(count) if number != place)
    made = habit.value.replace("{}", "D")
    new = ", ".join("D" if number == place else argument for number, argument in enumerate(arguments))

    def call(value: str) -> str:
        given = ", ".join(value if number == place else argument for number, argument in enumerate(arguments))
        return f"- {name}({given})\n+ {name}({new})\n"

    steady = "when != I = ...\n      when != D = ...\n      when != &I\n      when != &D"
    head = f"identifier I;\nidexpression struct {tags[1]} *D;\n{others}@@\n"
    text = "".join(
        f"@made_{name}_{place}_{kind}@\n{head} {first}\n <... {steady}\n{call('I')} ...>\n\n"
        for kind, first in (("declared", f"struct {tags[0]} *I = {made};"), ("assigned", f"I = {made};"))
    )
    text += f"@made_{name}_{place}_itself@\nidexpression struct {tags[1]} *D;\n{others}@@\n{call(made)}"
    title = f"{name}() takes D in place of {made}"
    return PortRule(f"{one.id}.made{place}", one.id, title, text, ground, (frozenset({name}),))
