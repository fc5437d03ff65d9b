"""Functions that take more by now, and what nearly all callers of the tree give for it -> rules that give the same.

`vfs_symlink(idmap, dir, dentry, name)` takes a `struct delegated_inode *` as well in 7.3, and whoever has none gives NULL.  The
statements around most of these calls changed too, so that no two of them show one step; what they give for the parameter is the
same all the same.  Only a constant counts: what a caller has, another one may not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, plain_type
from cocci_gen.port.lessons.generalise import Function
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.parameters import Added, Kept
from cocci_gen.port.texts.terms import Term, subterms, written

_CONSTANTS = frozenset({"null", "number_literal", "true", "false"})
#: Places that are told by name.
#: The name of a function -> the functions of the tree that called it before.
Callers = Callable[[str], Iterable[Function]]


def argument_rules(evolutions: Iterable[Evolution], known: Collection[str], callers: Callers) -> Iterator[PortRule]:
    """What changed, the evolutions of which a rule tells already, and the callers -> a rule for each function that takes more."""
    for one in evolutions:
        if isinstance(one, FunctionChanged) and one.id not in known and takes_more(one):
            found = _agreed(one, list(callers(one.old.name)))
            if found is not None:
                yield _rule(one, *found)


def takes_more(change: FunctionChanged) -> bool:
    """Whether all that it took is taken as it was, something came, and it returns what it returned."""
    return (
        plain_type(change.old.returns) == plain_type(change.new.returns)
        and all(isinstance(step, Kept | Added) for step in change.steps)
        and any(isinstance(step, Added) for step in change.steps)
        and not any("..." in one for one in (*change.old.parameters, *change.new.parameters))
        and change.old.parameters != ("void",)
    )


def _agreed(change: FunctionChanged, callers: list[Function]) -> tuple[tuple[str, ...], Learned] | None:
    """What is given for the parameters that came, and on what that rests; None where too few give the same."""
    places = [step.new for step in change.steps if isinstance(step, Added)]
    sizes = len(change.old.parameters), len(change.new.parameters)
    votes: dict[str, tuple[str, ...]] = {}
    groups: dict[str, str] = {}
    for function in callers:
        if any(len(one) == sizes[0] for one in calls_of(function.old, change.old.name)):
            for given in calls_of(function.new, change.new.name):
                if len(given) == sizes[1]:
                    told = tuple(constant_of(given[place]) for place in places)
                    votes[function.place] = told if votes.get(function.place, told) == told else ("",)
                    groups[function.place] = function.pair.group
    counts = Counter(told for told in votes.values() if all(told))
    for told, count in counts.most_common(1):
        shown = [place for place, one in votes.items() if one == told]
        others = [place for place, one in votes.items() if one != told]
        wide = {groups[place] for place in shown}
        if enough(count, len(votes), wide):
            return told, learned(shown, others, wide)
    return None


def calls_of(body: Term, name: str) -> Iterator[list[Term]]:
    """The arguments of each call of a function."""
    for part in subterms(body):
        if part[0] == "call_expression" and part[1] == ("identifier", name):
            yield [one for one in part[2][1:] if isinstance(one, tuple)]


def constant_of(term: Term) -> str:
    """A constant as it is written, "" for anything else."""
    if isinstance(term, tuple) and (term[0] in _CONSTANTS or (term[0] == "identifier" and str(term[1]).isupper())):
        return written(term)
    return ""


def _rule(change: FunctionChanged, given: tuple[str, ...], ground: Learned) -> PortRule:
    name, count = change.old.name, len(change.old.parameters)
    came = iter(given)
    now = [next(came) if isinstance(step, Added) else f"A{step.old}" for step in sorted(change.steps, key=_place)
           if isinstance(step, Kept | Added)]  # fmt: skip
    before = ", ".join(f"A{number}" for number in range(count))
    symbols = "".join(f"symbol {one};\n" for one in sorted(set(given)) if one.isidentifier() and one != "NULL")
    declared = "".join(f"expression A{number};\n" for number in range(count)) + symbols
    text = f"@constant_{name}@\n{declared}@@\n- {name}({before})\n+ {name}({', '.join(now)})\n"
    title = f"{name}({before}) becomes {name}({', '.join(now)})"
    return PortRule(f"{change.id}.constant", change.id, title, text, ground, (frozenset({name}),))


def _place(step: object) -> int:
    return step.new if isinstance(step, Kept | Added) else -1
