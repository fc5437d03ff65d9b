"""A rule that gives a call a function of its own choice -> where the examples had it from: what they stored beside the old call.

`bh->b_end_io = end_buffer_read_sync; submit_bh(op, bh);` became `bh_submit(bh, op, bh_end_read)`.  Each example stored that one,
so all agree on what replaces the call alone; code that stores another one would get theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from cocci_gen.port.changes.evolutions import Evolution, MemberGone, MethodGone, name_of_change
from cocci_gen.port.lessons.generalise import Function, Template
from cocci_gen.port.lessons.losses import Definition
from cocci_gen.port.texts.terms import Term, names_in, spelled, subterms

Loss = Callable[[Template], Iterator[str]]


def stored_functions(
    evolutions: Iterable[Evolution],
    examples: Callable[[Template], Iterable[Function]],
    before: Definition,
    now: Definition,
) -> Loss:
    """What changed, the examples of a rule, and the definitions of both kernels -> what a rule would lose, in words."""
    gone = {name_of_change(one) for one in evolutions if isinstance(one, MemberGone)}
    gone |= {f"{one.old.struct}.{one.old.name}" for one in evolutions if isinstance(one, MethodGone)}

    def lost(template: Template) -> Iterator[str]:
        called = _called(template.left)
        given = [name for name in set(_given(template.right)) - set(names_in(template.left)) if now(name)]
        if not called or not given:
            return
        stores = {name for one in examples(template) for name in _stored(one.old, called, gone, before)}
        yield from (f"what was stored to {name}" for name in sorted(stores))

    return lost


def _called(term: Term) -> frozenset[str]:
    """The functions that a term calls."""
    calls = (part[1] for part in subterms(term) if part[0] == "call_expression")
    return frozenset(str(one[1]) for one in calls if isinstance(one, tuple) and one[0] == "identifier")


def _given(term: Term) -> Iterator[str]:
    """The names that stand alone as arguments."""
    for part in subterms(term):
        if part[0] == "argument_list":
            yield from (str(one[1]) for one in part[1:] if isinstance(one, tuple) and one[0] == "identifier")


def _stored(function: Term, called: Collection[str], gone: Collection[str], before: Definition) -> Iterator[str]:
    """The members that went, to which a function stores a function, of an object that it gives to what is called."""
    given = {
        one
        for part in subterms(function)
        if part[0] == "call_expression" and part[1] in {("identifier", name) for name in called}
        for one in subterms(part[2])
    }
    for part in subterms(function):
        if part[0] != "assignment_expression" or not isinstance(part[1], tuple) or not isinstance(part[3], tuple):
            continue
        target, value = part[1], part[3]
        members = [name for name in names_in(target) if name in gone]
        if members and target[1] in given and value[0] == "identifier" and before(str(value[1])):
            yield from map(spelled, members)
