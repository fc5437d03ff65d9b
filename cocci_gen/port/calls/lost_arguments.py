"""Functions and macros that take less by now, and what nearly all callers of the tree gave for it -> rules that drop the same.

`class_create(THIS_MODULE, "ash")` is `class_create("ash")` since; most of its callers in the tree went on to something better, so
that they do not agree on what becomes of a call, but all that still call it dropped `THIS_MODULE`.  Only that constant is
dropped: what another caller gave may mean something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from cocci_gen.port.calls.constant_arguments import Callers, calls_of, constant_of
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MacroChanged, plain_type
from cocci_gen.port.lessons.generalise import Function
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.parameters import Kept, Removed
from cocci_gen.port.texts.terms import Term

#: Places that are told by name.
#: The arguments that stay, and the constants that went, by number.
_Step = tuple[tuple[int, ...], tuple[tuple[int, str], ...]]


def lost_argument_rules(
    evolutions: Iterable[Evolution], known: Collection[str], callers: Callers
) -> Iterator[PortRule]:
    """What changed, the evolutions of which a rule tells already, and the callers -> a rule for each that takes less."""
    for one in evolutions:
        sizes = _sizes(one)
        if sizes is not None and one.id not in known and isinstance(one, FunctionChanged | MacroChanged):
            found = _agreed(one.old.name, sizes, list(callers(one.old.name)))
            if found is not None:
                yield _rule(one, sizes[0], *found)


def _sizes(one: Evolution) -> tuple[int, int] | None:
    """How much something took before and takes now; None where that is not all that changed."""
    if isinstance(one, MacroChanged) and 0 < one.new.arity < one.old.arity:
        return one.old.arity, one.new.arity
    if isinstance(one, FunctionChanged) and all(isinstance(step, Kept | Removed) for step in one.steps):
        same = plain_type(one.old.returns) == plain_type(one.new.returns) and one.new.parameters != ("void",)
        fewer = len(one.new.parameters) < len(one.old.parameters)
        whole = not any("..." in parameter for parameter in (*one.old.parameters, *one.new.parameters))
        return (len(one.old.parameters), len(one.new.parameters)) if same and fewer and whole else None
    return None


def _agreed(name: str, sizes: tuple[int, int], callers: Iterable[Function]) -> tuple[_Step, Learned] | None:
    """What stays and what goes, and on what that rests; None where too few of those who still call it do the same."""
    votes: dict[str, _Step | None] = {}
    groups: dict[str, str] = {}
    for function in callers:
        before, after = (list(calls_of(body, name)) for body in (function.old, function.new))
        if before and after and {len(one) for one in before} == {sizes[0]}:
            steps = (
                {_step(old, new) for old, new in zip(before, after, strict=False)}
                if len(before) == len(after)
                else {None}
            )
            votes[function.place] = steps.pop() if len(steps) == 1 else None
            groups[function.place] = function.pair.group
    for step, count in Counter(one for one in votes.values() if one is not None).most_common(1):
        shown = [place for place, one in votes.items() if one == step]
        others = [place for place, one in votes.items() if one != step]
        wide = {groups[place] for place in shown}
        if enough(count, len(votes), wide):
            return step, learned(shown, others, wide)
    return None


def _step(old: Sequence[Term], new: Sequence[Term]) -> _Step | None:
    """The arguments that stay in their order, and the constants that went; None where anything else happened, or where two are
    alike and either may have gone."""
    if len(set(old)) != len(old):
        return None
    kept: list[int] = []
    gone: list[tuple[int, str]] = []
    for number, argument in enumerate(old):
        if len(kept) < len(new) and argument == new[len(kept)]:
            kept.append(number)
        elif constant := constant_of(argument):
            gone.append((number, constant))
        else:
            return None
    return (tuple(kept), tuple(gone)) if len(kept) == len(new) else None


def _rule(change: FunctionChanged | MacroChanged, count: int, step: _Step, ground: Learned) -> PortRule:
    (kept, gone), name = step, change.old.name
    constants = dict(gone)
    before = ", ".join(constants.get(number, f"A{number}") for number in range(count))
    after = ", ".join(f"A{number}" for number in kept)
    symbols = "".join(
        f"symbol {one};\n" for one in sorted(set(constants.values())) if one.isidentifier() and one != "NULL"
    )
    declared = "".join(f"expression A{number};\n" for number in kept) + symbols
    text = f"@lost_{name}@\n{declared}@@\n- {name}({before})\n+ {name}({after})\n"
    title = f"{name}({before}) becomes {name}({after})"
    return PortRule(f"{change.id}.lost", change.id, title, text, ground, (frozenset({name}),))
