"""The same function before and after -> Difference, the smallest parts that differ and name something that changed.

Both trees are walked down together.  A part whose difference names nothing that changed is explained by the
expression around it; between statements such a difference is somebody's other change and is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cocci_gen.port.texts.terms import RUN, Term, names_in

_LISTS = frozenset({"compound_statement", "case_statement", "declaration_list"})
_STATEMENTS = frozenset(
    {"expression_statement", "if_statement", "while_statement", "for_statement", "do_statement",
     "return_statement", "declaration", "compound_statement", "switch_statement", "case_statement",
     "labeled_statement", "else_clause", "init_declarator"}
)  # fmt: skip
#: Statements that were rewritten together; more of them are another function.
_LONGEST = 4
#: Blocks with more pairs of statements than this say nothing about a run of them.
_MOST_RUNS = 100
#: Two statements that share this much of their words are one that was rewritten.
_ALIKE = 0.34


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the old function and what stands in its place; runs of statements begin with RUN."""

    old: Term
    new: Term


def differences(old: Term, new: Term, changed: Collection[str]) -> tuple[Difference, ...]:
    """The bodies of both functions, and the names that changed -> the differences that name one of them."""
    return tuple(_explained(old, new, changed) or ())


def _names(term: Term, changed: Collection[str]) -> bool:
    return any(name in changed for name in names_in(term))


def _explained(old: Term, new: Term, changed: Collection[str]) -> list[Difference] | None:
    """The differences below two parts; None where one of them names nothing that changed, and so explains nothing."""
    if old == new:
        return []
    if not _names(old, changed):
        return None
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return [Difference(old, new)]
    if old[0] == new[0] and old[0] in _LISTS:
        return list(_in_list(old[1:], new[1:], changed))
    if old[0] == new[0] and len(old) == len(new):
        parts = [
            (_explained(one, other, changed), one) for one, other in zip(old[1:], new[1:], strict=True) if one != other
        ]
        if all(found is not None or _is_statement(part) for found, part in parts):
            return [difference for found, _ in parts for difference in found or ()]
    return [Difference(old, new)]


def _is_statement(part: Term) -> bool:
    return isinstance(part, tuple) and part[0] in _STATEMENTS


def _in_list(old: Sequence[Term], new: Sequence[Term], changed: Collection[str]) -> Iterator[Difference]:
    """The differences of two lists of statements."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal" or not any(_names(one, changed) for one in old[first:last]):
            continue
        yield from _block(old[first:last], new[start:end], changed)


def _block(old: Sequence[Term], new: Sequence[Term], changed: Collection[str]) -> Iterator[Difference]:
    """Some statements that became others: those that are alike one by one, the rest as a run."""
    if len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _explained(one, other, changed) or ()
        if len(old) == 1:
            return
    pairs = _paired(old, new) if len(old) != len(new) else []
    for place, target in pairs:
        yield from _explained(old[place], new[target], changed) or ()
    if len(old) * len(new) > _MOST_RUNS:
        return  # a function that was written anew
    for size in range(2, min(_LONGEST, len(old)) + 1):
        for place in range(len(old) - size + 1):
            some = old[place : place + size]
            every = all(_names(one, changed) for one in some)
            if every or any(_names(one, changed) for one in some):
                for target in range(len(new)):
                    if every or _went_into(some, new[target], changed):
                        yield Difference((RUN, *some), (RUN, new[target]))
    if not pairs and len(old) == 1 and 1 < len(new) <= _LONGEST:
        yield Difference((RUN, *old), (RUN, *new))


def _went_into(some: Sequence[Term], target: Term, changed: Collection[str]) -> bool:
    """Whether one statement says all that some said, though not each of these names what changed: `init(&t, M);
    t.call = f;` became `setup(&t, f, M);`.  The name of a member that was set is said by what sets it."""
    there = set(names_in(target))
    return all(_names(one, changed) or there.issuperset(_said_by_store(one)) for one in some)


def _said_by_store(statement: Term) -> frozenset[str]:
    """What is set and to what, without the name of the member; a name that stands nowhere for what is no store to a member."""
    store = statement[1] if isinstance(statement, tuple) and statement[0] == "expression_statement" else ""
    if isinstance(store, tuple) and store[0] == "assignment_expression" and store[1][0] == "field_expression":
        return frozenset((*names_in(store[1][1]), *names_in(store[3])))
    return frozenset({""})


def _paired(old: Sequence[Term], new: Sequence[Term]) -> list[tuple[int, int]]:
    """Positions of statements that are most alike, in order, each used once."""
    bags = [Counter(names_in(one)) for one in old], [Counter(names_in(one)) for one in new]
    found: list[tuple[int, int]] = []
    start = 0
    for place, bag in enumerate(bags[0]):
        best, target = 0.0, -1
        for number in range(start, len(new)):
            together = sum((bag | bags[1][number]).values())
            share = sum((bag & bags[1][number]).values()) / together if together else 0.0
            if share > best:
                best, target = share, number
        if best >= _ALIKE:
            found.append((place, target))
            start = target + 1
    return found
