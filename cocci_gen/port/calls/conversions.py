"""Functions that take another structure now, and how the tree comes from the one to the other -> rules for calls that still
give the old one: `create_empty_buffers(page, ...)` becomes `create_empty_buffers(page_folio(page), ...)`.

They come last: what the tree did with the calls of a function itself goes before what it does elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, plain_type
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.texts.parameters import Kept, Retyped, without_name

_POINTED = re.compile(r"(?:const )?struct (\w+) \*")


def conversion_rules(
    evolutions: Iterable[Evolution], habits: Habits, excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, and the habits of the tree without some groups -> one rule for each function that takes as many arguments as
    before, returns what it returned (or did not return anything), and of which one has another structure."""
    for one in evolutions:
        if not isinstance(one, FunctionChanged) or not all(isinstance(step, Kept | Retyped) for step in one.steps):
            continue
        retyped = [step for step in one.steps if isinstance(step, Retyped)]
        returns = [plain_type(side.returns) for side in (one.old, one.new)]
        if len(retyped) == 1 and returns[0] in ("void", returns[1]):
            yield from _rule(one, retyped[0], habits, excluded)


def _rule(one: FunctionChanged, step: Retyped, habits: Habits, excluded: Collection[str]) -> Iterator[PortRule]:
    old, new = one.old.parameters[step.old], one.new.parameters[step.new]
    tags = [_POINTED.fullmatch(without_name(side)) for side in (old, new)]
    if tags[0] is None or tags[1] is None or tags[0].group(1) == tags[1].group(1):
        return
    habit = habits.find(tags[1].group(1), tags[0].group(1), excluded)
    if habit is not None:
        given = habit.value.replace("{}", "X")
        title = f"{one.old.name}() takes {given} in place of a `struct {tags[0].group(1)} *X`"
        ground = habit.ground
        words = (frozenset({one.old.name}),)
        back = habits.find(tags[0].group(1), tags[1].group(1), excluded)
        text = _text(one, step.old, f"struct {tags[1].group(1)} *X", back.value.replace("{}", "X"), "X") if back else ""
        text += _text(one, step.old, f"struct {tags[0].group(1)} *X", "X", given)
        yield PortRule(f"{one.id}.given", one.id, title, text, ground, words)


def _text(one: FunctionChanged, place: int, declared: str, old: str, new: str) -> str:
    """The SmPL for one argument of a function; `X` in it is declared so."""
    count = len(one.old.parameters)
    lists = f"expression list[{place}] BEFORE;\n" if place else ""
    behind = count - place - 1
    lists += f"expression list[{behind}] BEHIND;\n" if behind else ""
    before, after = ("BEFORE,\n" if place else "\n"), (" ,\n BEHIND )" if behind else " )")
    name = f"given_{one.old.name}" if old == "X" else f"had_{one.old.name}"
    return f"@{name}@\n{declared};\n{lists}@@\n {one.old.name}({before}- {old}\n+ {new}\n{after}\n\n"
