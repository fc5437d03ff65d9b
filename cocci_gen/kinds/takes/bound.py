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
from cocci_gen.kinds.takes.folders import folders_of, shared_structs
from cocci_gen.kinds.takes.texts import called, handed, line_of_call, line_of_handing

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
    if obligation.struct in shared_structs():
        folders = folders_of(facts.index)
        implementations = tuple(one for one in implementations if folders.known(one.definition.path))
        lost = tuple(one for one in lost if folders.known(one.path))
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
    """The functions of the folder that a function calls, and those that it hands on to be called: what fills in a superblock."""
    text, name = index.text_of(one.definition), one.definition.name
    for callee in called(text):
        yield from _near(one, callee, line_of_call(text, callee), f"{name}() calls {callee}()", index)
    for callee in handed(text):
        yield from _near(one, callee, line_of_handing(text, callee), f"{name}() hands {callee}() on", index)


def _near(one: Bound, name: str, line: int, note: str, index: KernelIndex) -> Iterator[Bound]:
    for definition in index.definitions_in(name, one.definition.path.rpartition("/")[0]):
        hidden = definition.path != one.definition.path and definition.span.static
        if definition != one.definition and not hidden:
            step = Step(one.definition.path, one.definition.span.line + line, note)
            yield Bound(definition, one.registrations, (*one.chain, step))
