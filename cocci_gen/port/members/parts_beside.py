"""Functions that set one part of a member alone -> Beside, what the tree gives for the part of which they say nothing.

Only a function that never names the other part may be given a constant for it: where that is set by itself, before or after, the
constant would take its place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, name_of_change
from cocci_gen.port.lessons.generalise import Function as Example
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import LearnedRule, enough
from cocci_gen.port.members.accessors import Accessors, Declarations, families
from cocci_gen.port.texts.terms import Parts, Term, names_in, subterms


@dataclass(frozen=True, slots=True)
class Beside:
    """The number that the tree gives for a part of which a function says nothing, and on what that rests."""

    value: str
    ground: Learned


def constants_beside(found: Sequence[Accessors], examples: Iterable[tuple[Example, Parts]]) -> tuple[Beside, ...]:
    """The functions of the tree that set one part alone, and never named the other -> what they give for it by now, if nearly all
    give the same number."""
    votes: Counter[str] = Counter()
    groups: dict[str, set[str]] = defaultdict(set)
    for function, used in examples:
        for one in found:
            name = name_of_change(one.gone)
            if one.set_parts and len(used.get(name, ())) == 1:
                first = next(iter(used[name]))
                if not _sets(function.old, name, first):
                    continue  # one that moves a time by some seconds says nothing of one that sets it
                place = 1 + (1 - one.parts.index(first)) if first in one.parts else 0
                for given in _arguments_of(function.new, one.set_parts) if place else ():
                    value = given[place] if len(given) == 3 else ""
                    known = isinstance(value, tuple) and value[0] == "number_literal"
                    votes[str(value[1]) if known else ""] += 1
                    groups[str(value[1]) if known else ""].add(function.pair.group)
    for value, count in votes.most_common(1):
        if value and enough(count, votes.total(), groups[value]):
            return (Beside(value, Learned(count, votes.total(), len(groups[value]), (), ())),)
    return ()


def _sets(body: Term, member: str, part: str) -> bool:
    """Whether each store to a part of a member sets it, whatever it was."""
    stores = [
        one[2] for one in subterms(body)
        if one[0] == "assignment_expression" and isinstance(one[1], tuple) and one[1][0] == "field_expression"
        and one[1][3][1] == part and member in names_in(one[1][1])
    ]  # fmt: skip
    return bool(stores) and set(stores) == {"="}


def _arguments_of(body: Term, function: str) -> Iterator[tuple[Term, ...]]:
    """The arguments of all calls of a function."""
    for part in subterms(body):
        if part[0] == "call_expression" and part[1] == ("identifier", function):
            yield tuple(one for one in part[2][1:] if isinstance(one, tuple))


def without_halves(
    evolutions: Iterable[Evolution], learned: Sequence[LearnedRule], declarations: Declarations
) -> list[LearnedRule]:
    """What changed, the rules that the tree agrees on and the new headers by path -> the rules but those that make a store to one
    part one of both, with a constant for the other: `i_atime.tv_sec = S` is `inode_set_atime(inode, S, 0)` only where no other
    statement sets the other part, which no example of that store alone can tell."""
    setters = {
        name_of_change(one.gone): one.set_parts
        for found, _ in families(evolutions, learned, declarations)
        for one in found
        if one.set_parts
    }
    return [one for one in learned if not _is_half(one.template.left, one.template.right, setters)]


def _is_half(left: Term, right: Term, setters: Mapping[str, str]) -> bool:
    """Whether a store to a part of a member becomes a call that sets all of its parts, one to a constant."""
    if not isinstance(left, tuple) or left[0] != "assignment_expression":
        return False
    part = left[1]
    whole = part[1] if isinstance(part, tuple) and part[0] == "field_expression" else ""
    if not isinstance(whole, tuple) or whole[0] != "field_expression":
        return False
    setter = setters.get(next(names_in(whole[3]), ""), "")
    given = next(_arguments_of(right, setter), ()) if setter else ()
    return any(isinstance(one, tuple) and one[0] == "number_literal" for one in given)
