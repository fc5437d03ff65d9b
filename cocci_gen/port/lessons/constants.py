"""Learned rules -> what follows a constant wherever it is given for a structure which another one follows.

A dozen helpers show that `&init_user_ns` became `&nop_mnt_idmap` where a `struct user_namespace *` became a `struct mnt_idmap *`.
It is so for each function whose parameter changed in the same way, also for those that too few of the tree call.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cocci_gen.code.texts.reading import arguments
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MethodChanged
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, SHARE
from cocci_gen.port.texts.parameters import Kept, Retyped, without_name

_POINTED = re.compile(r"struct (\w+) \*")
_CALL = re.compile(r"^([-+]) (\w+)\((.*)\)(?:;)?$")
_HOLE = re.compile(r"\bE\d+\b")
_WORD = re.compile(r"[A-Za-z_]\w*")
#: So many functions show what follows a constant, and this share of those that show anything.

#: A pointer to the one structure that became a pointer to the other.
Pair = tuple[str, str]


def retyped(evolution: object) -> Iterator[tuple[Retyped, Pair]]:
    """The parameters of a change that point to another structure than before."""
    match evolution:
        case FunctionChanged(old=old, new=new, steps=steps):
            yield from _pairs(old.parameters, new.parameters, steps)
        case MethodChanged(old=method, new=later, steps=steps):
            yield from _pairs(method.prototype.parameters, later.prototype.parameters, steps)


def _pairs(old: Sequence[str], new: Sequence[str], steps: Iterable[object]) -> Iterator[tuple[Retyped, Pair]]:
    for step in steps:
        if isinstance(step, Retyped):
            tags = [_POINTED.fullmatch(without_name(one)) for one in (old[step.old], new[step.new])]
            if tags[0] is not None and tags[1] is not None and tags[0].group(1) != tags[1].group(1):
                yield step, (tags[0].group(1), tags[1].group(1))


#: By how a parameter changed and the constant that was given for it: what is given now, and what each function shows of it.
_Votes = Mapping[tuple[Pair, str], Mapping[str, Sequence[Learned]]]


def _votes(changed: Iterable[FunctionChanged], rules: Iterable[PortRule]) -> _Votes:
    """What the learned rules give in place of a constant (`&init_user_ns`), function by function."""
    by_name = {one.old.name: one for one in changed}
    votes: dict[tuple[Pair, str], dict[str, list[Learned]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        lines = [found for line in rule.text.splitlines() if (found := _CALL.match(line))]
        if len(lines) != 2 or lines[0][2] != lines[1][2] or lines[0][2] not in by_name:
            continue
        before, after = arguments(lines[0][3]), arguments(lines[1][3])
        for step, pair in retyped(by_name[lines[0][2]]):
            if step.old < len(before) and step.new < len(after) and isinstance(rule.ground, Learned):
                old, new = before[step.old], after[step.new]
                if old != new and not _HOLE.search(old) and not _HOLE.search(new):
                    votes[pair, old][new].append(rule.ground)
    return votes


def constants_of(changed: Iterable[FunctionChanged], rules: Iterable[PortRule]) -> dict[tuple[Pair, str], str]:
    """What the learned rules give in place of a constant, by how the parameter changed."""
    return {key: max(some, key=lambda new: len(some[new])) for key, some in _votes(changed, rules).items()}


def constant_rules(evolutions: Iterable[Evolution], rules: Sequence[PortRule]) -> Iterator[PortRule]:
    """What changed, and the learned rules -> rules for the constants that are given to functions of which nothing else changed;
    what the tree did with the calls of a function itself goes before."""
    changed = [one for one in evolutions if isinstance(one, FunctionChanged)]
    votes = _votes(changed, rules)
    for one in changed:
        if all(isinstance(step, Kept | Retyped) for step in one.steps):
            for step, pair in retyped(one):
                yield from _for_function(one, step, pair, votes)


def _for_function(one: FunctionChanged, step: Retyped, pair: Pair, votes: _Votes) -> Iterator[PortRule]:
    for (of, old), some in sorted(votes.items()):
        new, shown = max(some.items(), key=lambda pair: len(pair[1]))
        if (
            of == pair
            and len(shown) >= FEWEST_FUNCTIONS
            and len(shown) >= SHARE * sum(len(ones) for ones in some.values())
        ):
            text = constant_text(one.old.name, step.old, len(one.old.parameters), old, new)
            title = f"{one.old.name}() takes {new} in place of {old}, as {len(shown)} other functions do"
            words = tuple(frozenset({word}) for word in (one.old.name, *_WORD.findall(old)))
            counts = (sum(each.shown for each in shown), sum(each.of for each in shown))
            ground = Learned(*counts, max(each.groups for each in shown), (), ())
            yield PortRule(f"{one.id}.constant.{step.old}.{old}", one.id, title, text, ground, words)


def constant_text(name: str, number: int, count: int, old: str, new: str) -> str:
    """The SmPL for a constant that is given for one of so many parameters of a function."""
    symbols = "".join(f"symbol {word};\n" for word in sorted(set(_WORD.findall(f"{old} {new}"))))
    lists = f"expression list[{number}] EL{number};\n" if number else ""
    before = f"EL{number}, " if number else ""
    behind = " , ...)" if number + 1 < count else " )"
    stem = f"@{name}_{number}_{len(old)}@\n"
    return f"{stem}{lists}{symbols}@@\n {name}({before}\n- {old}\n+ {new}\n{behind}\n"
