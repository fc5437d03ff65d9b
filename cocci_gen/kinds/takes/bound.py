"""An obligation and the tree -> Duty-to-be, each function that takes a thing for itself: the methods, and what they call in their
own folder.

Most functions take nothing: the text is looked at before control flow is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.index import Definition, Implementation, KernelIndex
from cocci_gen.facts.steps import Step
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.duties import TreeFacts, Unexamined, implementations_of, registrations
from cocci_gen.kinds.takes.texts import called, line_of_call

#: Calls deep that helpers are looked at.
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Bound:
    """A function that the obligation binds, who registers the method, and how it is reached from there."""

    definition: Definition
    registrations: tuple[Registration, ...]
    chain: tuple[Step, ...]


#: Per tree: a function -> the obligation that came to it first.  Helpers serve many methods, and what they keep is said once.
_OWNERS: WeakKeyDictionary[KernelIndex, dict[Definition, str]] = WeakKeyDictionary()


def bound_functions(obligation: Obligation, facts: TreeFacts) -> tuple[tuple[Bound, ...], tuple[Unexamined, ...]]:
    """The methods, and the functions of their folder that they call, each once in a tree; and the entries that lead to none."""
    implementations, lost = implementations_of(obligation, facts.index)
    return tuple(_first_come(obligation, implementations, facts)), lost


def _first_come(obligation: Obligation, implementations: Iterable[Implementation], facts: TreeFacts) -> Iterator[Bound]:
    owners = _OWNERS.setdefault(facts.index, {})
    todo = [Bound(one.definition, registrations(one.entries), ()) for one in implementations]
    seen = set()
    while todo:
        one = todo.pop(0)
        if one.definition in seen:
            continue
        seen.add(one.definition)
        if owners.setdefault(one.definition, obligation.id) == obligation.id:
            yield one
        if len(one.chain) < _DEPTH:
            todo += _called(one, facts.index)


def _called(one: Bound, index: KernelIndex) -> Iterator[Bound]:
    folder, text = one.definition.path.rpartition("/")[0], index.text_of(one.definition)
    for name in called(text):
        for definition in index.definitions_in(name, folder):
            if definition == one.definition:
                continue
            if definition.path != one.definition.path and definition.span.static:
                continue
            line = one.definition.span.line + line_of_call(text, name)
            step = Step(one.definition.path, line, f"{one.definition.name}() calls {name}()")
            yield Bound(definition, one.registrations, (*one.chain, step))
