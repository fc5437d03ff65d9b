"""The tables of both trees -> MovedMethod, a method of another structure that is one of the context's table by now."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.declared import Declared, Method
from cocci_gen.port.changes.evolutions import Evolution, MethodGone, MethodRenamed, plain_type
from cocci_gen.port.lessons.examples import Pair, group_of
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, FEWEST_GROUPS, SHARE
from cocci_gen.port.methods.body_uses import Recomputes
from cocci_gen.port.methods.context_trees import Trees
from cocci_gen.port.methods.handings import only_name
from cocci_gen.port.methods.head_plans import HeadPlan, head_examples, plan_head
from cocci_gen.port.texts.instances import Instance, Written, by_method, head_of
from cocci_gen.port.texts.parameters import name_of, steps_between


@dataclass(frozen=True, slots=True)
class MovedMethod:
    """A method of another structure that is one of the context's table by now, and the members of the context (by number) that
    stand for what its parameters pointed to."""

    plan: HeadPlan
    pointed: Mapping[int, str]


def moved_methods(
    evolutions: Iterable[Evolution],
    gone: MethodGone,
    declared: Declared,
    tag: str,
    in_table: Sequence[Instance],
    trees: Trees,
    excluded: Collection[str],
) -> tuple[MovedMethod, ...]:
    """The methods of other structures that went to the context's table where the method did."""
    there: dict[str, dict[str, Written]] = defaultdict(dict)
    for one in in_table:
        there[one.table_path][one.method] = one.function
    users = {one.table_path for one in trees.named_before.of({(gone.old.struct, gone.old.name)})} & there.keys()
    found = []
    for other in evolutions:
        if not isinstance(other, MethodGone) or other.old.struct == gone.old.struct:
            continue
        before = by_method(trees.named_before.of({(other.old.struct, other.old.name)})).get(
            (other.old.struct, other.old.name), []
        )
        ones = {
            one.table_path: one.function
            for one in before
            if one.table_path in users and group_of(one.table_path) not in excluded
        }
        votes = Counter(method for path in ones for method in there[path])
        rest = Counter(method for path in users - ones.keys() for method in there[path])
        likely = [(count - rest[method], method) for method, count in votes.items()
                  if count >= max(FEWEST_FUNCTIONS, SHARE * len(ones)) and (tag, method) in declared.methods]  # fmt: skip
        if likely and len({group_of(path) for path in ones}) >= FEWEST_GROUPS:
            method = max(likely)[1]
            pairs = [Pair(ones[path], there[path][method]) for path in sorted(ones) if method in there[path]]
            moved = _moved_method(other, declared.methods[tag, method][0], pairs, trees, excluded)
            if any(isinstance(use, Recomputes) for use in moved.plan.uses.values()):
                found.append(moved)
    return tuple(found)


def _moved_method(
    gone: MethodGone, new: Method, pairs: Sequence[Pair], trees: Trees, excluded: Collection[str]
) -> MovedMethod:
    steps = steps_between(gone.old.prototype.parameters, new.prototype.parameters)
    change = MethodRenamed(gone.old, new, steps)
    before = [Instance(gone.old.struct, gone.old.name, one.old, one.old.path, 0, typed=True) for one in pairs]
    after = [Instance(new.struct, new.name, one.new, one.new.path, 0, typed=True) for one in pairs]
    examples = head_examples(change, before, after, {(one.old.path, one.old.name): one for one in pairs})
    plan = plan_head(change, examples, trees.habits, excluded, trees.after)
    pointed = {}
    for number, parameter in enumerate(gone.old.prototype.parameters):
        if plain_type(parameter).count("*") == 1 and (member := _member_for(number, pairs)):
            pointed[number] = member
    return MovedMethod(plan, pointed)


def _member_for(number: int, pairs: Iterable[Pair]) -> str:
    """The member of the context that most use for what a parameter pointed to, in statements that stayed otherwise."""
    votes: Counter[str] = Counter()
    for pair in pairs:
        head, context = head_of(pair.old), only_name(pair.new)
        name = name_of(head.parameters[number]) if head is not None and number < len(head.parameters) else ""
        now = re.sub(rb"\s+", b" ", pair.new.text)
        for statement in re.split(rb"[;{}]", pair.old.text) if name and context else ():
            parts = re.split(rb"\*\s*" + name.encode() + rb"\b", re.sub(rb"\s+", b" ", statement).strip())
            if len(parts) == 2 and sum(map(len, parts)) > 2:
                rest = [re.escape(part) for part in parts]
                same = re.search(rest[0] + context.encode() + rb"->(\w+)" + rest[1] + rb"\s*;", now)
                votes[same.group(1).decode() if same else ""] += 1
    named = votes.total() - votes[""]
    for member, count in sorted(votes.items(), key=lambda item: -item[1]):
        if member and count >= FEWEST_FUNCTIONS and count >= SHARE * named:
            return member
    return ""
