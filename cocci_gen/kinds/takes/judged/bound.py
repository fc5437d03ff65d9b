"""An obligation and the tree -> Duty-to-be, each function that takes a thing for itself: the methods, and what they call in their
own folder.

Most functions take nothing: the text is looked at before control flow is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from cocci_gen.code.texts.source import maker_of
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition, Implementation, TableEntry, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.duties import TreeFacts, Unexamined, implementations_of, registrations
from cocci_gen.kinds.takes.words.folder_macros import folder_macros
from cocci_gen.kinds.takes.words.folders import folders_of, other_structs, shared_structs, speaker
from cocci_gen.kinds.takes.words.texts import called, handed, line_of_call, line_of_handing, only_calls

#: So many calls deep helpers are looked at with whom they help; those further down, or in a table of the folder, where they are
#: asked about themselves, so that who asks about one function need not look at all that its folder does for it.
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Bound:
    """A function that the obligation binds, who registers the method, and how it is reached from there; `again` tells that
    another obligation came to it as a helper, where less is known than of a method, and `far` that no method is near by
    calls alone."""

    definition: Definition
    registrations: tuple[Registration, ...]
    chain: tuple[Step, ...]
    again: bool = False
    far: bool = False


class _Known:
    """What is remembered of a tree: which obligation came to a function first (helpers serve many methods, and what they keep is
    said once) and whether as to a method, whom each bound when it was asked about, and what a function calls in its folder."""

    def __init__(self, index: KernelIndex) -> None:
        self.owners: dict[Definition, tuple[str, bool]] = {}
        self.bound: dict[Obligation, tuple[tuple[Bound, ...], tuple[Unexamined, ...]]] = {}
        #: The same with those by way of whom they are bound and who are not asked about.
        self.led: dict[Obligation, tuple[Bound, ...]] = {}
        self.called = cache(partial(_called, index))
        self.tabled = cache(partial(_tabled, index))
        #: Whether a function does nothing but call another one.
        self.only_calls = cache(lambda one: only_calls(index.text_of(one)))


def bound_functions(obligation: Obligation, facts: TreeFacts) -> tuple[tuple[Bound, ...], tuple[Unexamined, ...]]:
    """The methods, and the functions of their folder that they lead to, each once in a tree, and a method once more that another
    one calls or hands on; and the entries that lead to none."""
    known = shared(facts.index, _Known)
    if obligation not in known.bound:
        bind((obligation,), facts)
    return known.bound[obligation]


def bind(obligations: Sequence[Obligation], facts: TreeFacts) -> None:
    """Find out whom some obligations bind: where several lead to a function, the nearest method speaks for it."""
    known = shared(facts.index, _Known)
    new = [one for one in dict.fromkeys(obligations) if one not in known.bound]
    near = {obligation: _near(obligation, facts) for obligation in new}
    further: dict[Obligation, list[Bound]] = {obligation: [] for obligation in new}
    level = [(obligation, one) for obligation, (bound, _) in near.items() for one in bound]
    folders = {one.definition.folder: obligation for obligation, one in reversed(level)}
    speaks = next((one for one in new if (one.struct, one.method) == speaker()), None)
    rest = _rest(speaks, known, facts.index) if speaks else ()
    for first in (_further(level, known, facts.index), _beside(folders, known, facts.index), rest):
        level = list(first)
        while level:
            for obligation, one in level:
                further[obligation].append(one)
            level = list(_further(level, known, facts.index))
    for obligation, (bound, lost) in near.items():
        every = known.led[obligation] = (*bound, *further[obligation])
        alone = facts.index.leading is facts.index
        asked = every if alone else tuple(one for one in every if facts.index.is_asked(one.definition))
        known.bound[obligation] = asked, tuple(one for one in lost if facts.index.counts(one.path))


def led_functions(obligations: Sequence[Obligation], facts: TreeFacts) -> Mapping[Obligation, tuple[Bound, ...]]:
    """Whom some obligations bind, with those by way of whom they come to who is asked about."""
    bind(obligations, facts)
    return shared(facts.index, _Known).led


def _near(obligation: Obligation, facts: TreeFacts) -> tuple[tuple[Bound, ...], tuple[Unexamined, ...]]:
    """The methods, and those of their folder that are few calls away."""
    implementations, lost = implementations_of(obligation, facts.index.leading)
    asked = tuple(one for one in implementations if is_asked(obligation, one.definition.path, facts.index))
    told = tuple(one for one in lost if is_asked(obligation, one.path, facts.index))
    made = tuple(bound for one in told for bound in _made_of(one, facts.index))
    return tuple(_first_come(obligation, asked, made, facts)), told


def _made_of(lost: Unexamined, index: KernelIndex) -> Iterator[Bound]:
    """The functions that the macro is given which makes a method: it calls them, and what else it does is unseen."""
    maker = maker_of(index.text(lost.path), lost.function)
    for name in re.findall(r"\w+", maker.partition("(")[2]):
        for one in index.definitions_in(name, folder_of(lost.path)):
            if one.path == lost.path:
                yield Bound(one, (), (Step(lost.path, lost.line, f"{maker} makes {lost.function}() of {name}()"),))


def _further(
    level: Iterable[tuple[Obligation, Bound]], known: _Known, index: KernelIndex
) -> Iterator[tuple[Obligation, Bound]]:
    """The functions one call further, of those that are asked about, to which nobody has come yet; of several calls the first one
    in the function's own file."""
    found: dict[Definition, tuple[Obligation, Bound]] = {}
    for obligation, caller in level:
        for definition, step in (*known.called(caller.definition), *known.tabled(caller.definition)):
            if definition in known.owners or not index.leading.is_asked(definition):
                continue
            one = Bound(definition, caller.registrations, (*caller.chain, step), far=True)
            if definition not in found or (_is_at_home(one) and not _is_at_home(found[definition][1])):
                found[definition] = obligation, one
    for definition, (obligation, one) in found.items():
        known.owners[definition] = obligation.id, False
        yield obligation, one


def _beside(folders: Mapping[str, Obligation], known: _Known, index: KernelIndex) -> Iterator[tuple[Obligation, Bound]]:
    """The methods of file systems of which no document speaks that is read, `->get_parent`: they give back what they take."""
    for struct, methods in other_structs().items():
        for method in methods:
            for entry in index.entries(method):
                obligation = folders.get(entry.folder) if entry.struct == struct else None
                if obligation is None:
                    continue
                for one in index.resolve(entry.function, entry.path):
                    if one.folder == entry.folder and one not in known.owners and index.leading.is_asked(one):
                        known.owners[one] = obligation.id, False
                        yield obligation, Bound(one, (), (_has(entry, one),), far=True)


def _rest(speaks: Obligation, known: _Known, index: KernelIndex) -> Iterator[tuple[Obligation, Bound]]:
    """The functions of file systems, and of what they have in common, to which no method leads and that no other of their folder
    calls: who does is elsewhere, or finds them in tables of which no document speaks."""
    leading, folders = index.leading, folders_of(index)
    for path in sorted(filter(leading.counts, leading.paths())):
        of_module = index.tree.home(path) != "" and folders.known(path)
        if path.endswith(".c") and (of_module or folders.at_home(path)):
            for one in index.functions_in(path):
                if one not in known.owners and leading.is_asked(one) and not any(neighbours_calling(one, index)):
                    known.owners[one] = speaks.id, False
                    yield speaks, Bound(one, (), (_found_by(one, index),), far=True)


def _has(entry: TableEntry, one: Definition) -> Step:
    """The step by which a table leads to a function."""
    return Step(
        entry.path, entry.line, f"{entry.variable}, a struct {entry.struct}, has {one.name}() as {entry.method}"
    )


def _found_by(one: Definition, index: KernelIndex) -> Step:
    """Where others find a function: in a table of its folder, by a macro, or by its name."""
    for entry in index.entries_naming(one.name):
        if entry.folder == one.folder and entry.struct:
            return _has(entry, one)
    calls = re.compile(rf"\b{one.name}\s*\(")
    macros = (each for each in folder_macros(index).of(one.folder) if one.name in each.body)
    macro = next((each.name for each in macros if calls.search(each.body)), "")
    who = f"the macro {macro}() of its folder calls" if macro else "no function of its folder calls"
    return Step(one.path, one.span.line, f"{who} {one.name}()")


def is_asked(obligation: Obligation, path: str, index: KernelIndex) -> bool:
    """Whether the methods of a file are bound: of a structure that drivers fill in as well, those beside a file system."""
    return obligation.struct not in shared_structs() or folders_of(index).known(path)


def _first_come(
    obligation: Obligation, implementations: Iterable[Implementation], made: Iterable[Bound], facts: TreeFacts
) -> Iterator[Bound]:
    known = shared(facts.index, _Known)
    todo = [(Bound(one.definition, registrations(one.entries), ()), 0) for one in implementations]
    todo += [(one, 0) for one in made]
    seen = set()
    at_home: dict[tuple[Definition, int], Bound] = {}
    while todo:
        one, depth = todo.pop(0)
        if one.definition in seen:
            continue
        seen.add(one.definition)
        # Of two calls as deep as each other, the one in the function's own file is the one that it was written for.
        one = one if _is_at_home(one) else at_home.get((one.definition, depth), one)
        first = known.owners.setdefault(one.definition, (obligation.id, not one.chain))
        if first[0] == obligation.id:
            yield one
        elif not one.chain and not first[1]:
            known.owners[one.definition] = obligation.id, True
            yield replace(one, again=True)
        # A wrapper is another name of what it calls: where it is one, that is no call deeper.
        below = depth if one.chain and known.only_calls(one.definition) else depth + 1
        if below <= _NEAR:
            calls = known.called(one.definition)
            more = [Bound(definition, one.registrations, (*one.chain, step)) for definition, step in calls]
            todo += [(found, below) for found in more]
            for found in filter(_is_at_home, more):
                at_home.setdefault((found.definition, below), found)


def _is_at_home(one: Bound) -> bool:
    """Whether a function is come to from its own file."""
    return not one.chain or one.chain[-1].file == one.definition.path


def _called(index: KernelIndex, caller: Definition) -> tuple[tuple[Definition, Step], ...]:
    """The functions of the folder that a function calls, and those that it hands on to be called: what fills in a superblock."""
    text, name = index.text_of(caller), caller.name
    found: list[tuple[Definition, Step]] = []
    for callee in called(text):
        found += _meant(index, caller, callee, partial(line_of_call, text), f"{name}() calls {callee}()")
    for callee in handed(text):
        found += _meant(index, caller, callee, partial(line_of_handing, text), f"{name}() hands {callee}() on")
    return tuple(found)


def _tabled(index: KernelIndex, caller: Definition) -> tuple[tuple[Definition, Step], ...]:
    """The functions of the folder that its own tables have for what a function calls by a pointer, `bed->ops->dig()`."""
    text = index.text_of(caller)
    found: list[tuple[Definition, Step]] = []
    for method in called(text):
        for entry in index.tabled_in(method, caller.folder):
            for definition in index.resolve(entry.function, entry.path):
                if definition.folder == caller.folder and definition != caller:
                    note = f"{caller.name}() calls {method}() of a table, {definition.name}()"
                    found.append((definition, Step(caller.path, caller.span.line + line_of_call(text, method), note)))
    return tuple(found)


def _meant(
    index: KernelIndex, caller: Definition, name: str, line_of: Callable[[str], int], note: str
) -> Iterator[tuple[Definition, Step]]:
    """The functions of the folder that a name may mean; most names are none, and their line is not looked for."""
    for definition in index.definitions_in(name, caller.folder):
        # What is static is seen in its own file; in a header, by all who include it.
        hidden = definition.path != caller.path and definition.span.static and not definition.path.endswith(".h")
        if definition != caller and not hidden:
            yield definition, Step(caller.path, caller.span.line + line_of(name), note)
