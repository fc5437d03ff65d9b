"""The functions that made the step -> Helper, a function that went and was given a callback, with its successor."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cocci_gen.document.declarations import Prototype, split_parameters
from cocci_gen.port.changes.declared import Declared, Function, Method
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone, MethodChanged
from cocci_gen.port.lessons.support import SHARE
from cocci_gen.port.methods.body_uses import BodyUse, Leaves, Recomputes
from cocci_gen.port.methods.context_trees import Trees
from cocci_gen.port.methods.handings import Handing, enough_functions
from cocci_gen.port.methods.head_plans import HeadPlan, head_examples, plan_head
from cocci_gen.port.texts.instances import Instance, Written
from cocci_gen.port.texts.parameters import Removed, steps_between

_POINTER = re.compile(r"^(.*?)\(\s*\*\s*\w*\s*\)\s*\((.*)\)\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Helper:
    """A function that went and was given a callback, its successor that is given the context and the callback, and how callbacks
    follow."""

    old: Function
    new: Function
    plan: HeadPlan


def helpers_of(
    evolutions: Iterable[Evolution],
    declared: Declared,
    steps: Sequence[tuple[Handing, Handing]],
    trees: Trees,
    excluded: Collection[str],
) -> tuple[Helper, ...]:
    """The helpers that went whose successors the tree agrees on; one that few used counts where its name and prototype changed as
    those of a common one did."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for old, new in steps:
        votes[old.helper][new.helper] += 1
    gone = {one.old.name: one.old for one in evolutions if isinstance(one, FunctionGone)}
    pairs = [(gone[name], declared.functions[best[0][0]][0]) for name, some in sorted(votes.items())
             if name in gone and (best := some.most_common(1))[0][1] >= SHARE * some.total()
             and best[0][0] in declared.functions]  # fmt: skip
    sure = [pair for pair in pairs if enough_functions(_users(steps, pair[0].name), len(_users(steps, pair[0].name)))]
    like = {_change(old, new) for old, new in sure}
    found = []
    for before, after in pairs:
        plan = _callback_plan(before, after, steps, trees, excluded) if _change(before, after) in like else None
        if plan is not None:
            found.append(Helper(before, after, plan))
    return tuple(found)


def _users(steps: Iterable[tuple[Handing, Handing]], helper: str) -> list[Written]:
    return [old.function for old, _ in steps if old.helper == helper]


def _change(old: Function, new: Function) -> tuple[str, ...]:
    """How one helper became another: what begins their names, what the successor is given, and what its callback gets."""
    end = 0
    while end < min(len(old.name), len(new.name)) and old.name[-1 - end] == new.name[-1 - end]:
        end += 1
    return (old.name[: len(old.name) - end], new.name[: len(new.name) - end], *new.types)


def _pointed(parameters: Iterable[str], name: str, path: str) -> Method | None:
    """The only pointer to a function among some parameters, as a method."""
    found = [match for one in parameters if (match := _POINTER.match(one)) is not None]
    if len(found) != 1:
        return None
    returns, given = found[0].groups()
    return Method("", Prototype(name, returns.strip(), split_parameters(given), "", 0, 0, "", ()), path)


def _callback_plan(
    old: Function, new: Function, steps: Iterable[tuple[Handing, Handing]], trees: Trees, excluded: Collection[str]
) -> HeadPlan | None:
    """How the callbacks follow; those of all helpers show it."""
    before, after = _pointed(old.parameters, new.name, old.path), _pointed(new.parameters, new.name, new.path)
    if before is None or after is None:
        return None
    change = MethodChanged(before, after, steps_between(before.prototype.parameters, after.prototype.parameters))
    functions = [trees.old.resolve(one.callback, one.function.path) for one, _ in steps]
    instances = [Instance("", new.name, one, one.path, one.span.line, typed=True) for one in functions if one]
    late = [trees.new.resolve(one.callback, one.function.path) for _, one in steps]
    now = [Instance("", new.name, one, one.path, one.span.line, typed=True) for one in late if one]
    examples = head_examples(change, instances, now, trees.pairs)
    plan = plan_head(change, examples, trees.habits, excluded, trees.after)
    return replace(plan, uses=dict(_sure_uses(plan)))


def _sure_uses(plan: HeadPlan) -> Iterator[tuple[int, BodyUse]]:
    """What becomes of the parameters of callbacks; what the old function handed on itself is in no context that nobody fills."""
    gone = {step.old for step in plan.evolution.steps if isinstance(step, Removed)}
    for number, use in plan.uses.items():
        computed = isinstance(use, Recomputes) and number in gone and use.shown >= SHARE * use.of
        yield number, use if computed else Leaves(use.shown, use.of)
