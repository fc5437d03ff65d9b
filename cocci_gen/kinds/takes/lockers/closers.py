"""A lock that a function takes -> whether another function of the folder gives it back without having taken it.

Where none does, nobody can be meant to go on with the lock held: whoever returns with it, of success or of failure, has
forgotten it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import NamedTuple

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.calls.neighbours import is_known_here_alone, neighbours_calling
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.lockers.lockers import lockers_of
from cocci_gen.kinds.takes.words.folder_macros import FolderMacro, folder_macros
from cocci_gen.kinds.takes.words.sorts import State, member_of, states, what_of
from cocci_gen.kinds.takes.words.texts import called, called_names

#: Calls up that those are looked for who go on with what a helper took.
_DEPTH = 2
#: The same of those who stand in a table.
_TOPS = 6
#: Functions around one that gives back, and that do so in its place.
_WRAPPERS = 3
#: Callers of one function that are looked at.
_CALLERS = 24
_WORD = re.compile(r"[A-Za-z_]\w*")
#: An argument that is a variable, or a place in what one leads to.
_NAMED = re.compile(r"&?[a-z_]\w*(?:(?:->|\.)\w+)*")


@dataclass(frozen=True, slots=True)
class _Closers:
    """What is remembered of a tree: by folder and sort, who gives back of what without taking any of it."""

    index: KernelIndex
    _known: dict[tuple[str, str], tuple[tuple[Definition, frozenset[str]], ...]] = field(default_factory=dict)
    _through: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    _wrapped: dict[str, tuple[tuple[State, str], ...]] = field(default_factory=dict)
    _called: dict[str, frozenset[str]] = field(default_factory=dict)
    _by_macros: dict[tuple[str, str, str], tuple[frozenset[str], frozenset[Definition]]] = field(default_factory=dict)
    _inside: dict[tuple[str, str], str] = field(default_factory=dict)
    _behind: dict[tuple[Definition, str], tuple[Call, ...]] = field(default_factory=dict)
    _means: dict[tuple[Definition, str], frozenset[str]] = field(default_factory=dict)

    def of(self, folder: str, state: State) -> tuple[tuple[Definition, frozenset[str]], ...]:
        """The functions of a folder that give the state back of some expressions, by what these end in, and do not take it of
        such."""
        key = folder, state.thing.name
        if key not in self._known:
            files = self.index.files_in(folder)
            every = (
                (one, self._given_back(self.index.text_of(one), state))
                for path in files
                for one in self._near(path, state)
            )
            self._known[key] = tuple((one, words) for one, words in every if words)
        return self._known[key]

    def names(self, folder: str, state: State, key: str) -> frozenset[str]:
        """The functions of a folder that give back the state of what ends in a word, and those that call one of them."""
        place = folder, state.thing.name, key
        if place not in self._through:
            own = [one for one, words in self.of(folder, state) if words & {key, ""}]
            above = (one for near in own for one in neighbours_calling(near, self.index))
            self._through[place] = frozenset(one.name for one in (*own, *above))
        return self._through[place]

    def by_pointer(self, folder: str, state: State, word: str) -> tuple[Definition, ...]:
        """The functions that nobody of a folder calls by its name and that give back the state of what ends in just that word."""
        near = (one for one, words in self.of(folder, state) if word and word in words)
        return tuple(one for one in near if not any(neighbours_calling(one, self.index)))

    def giving_back(self, one: Definition, state: State, word: str) -> set[Definition]:
        """The functions beside one of a folder that give back the state of what ends in a word, or of a variable; be it in
        other words, also that one itself."""
        folder = one.folder
        near = (other for other, words in self.of(folder, state) if self._ends_in(one, other, state, words, word))
        found = {*near} - {one}
        for other in states():
            same = [member for sort, member in self.wrapped(other) if sort == state]
            if word in same:
                found.update(each for each, _ in self.of(folder, other))
        for other, member in self.wrapped(state):
            found.update(each for each, words in self.of(folder, other) if words & {member, ""})
        return found

    def _ends_in(self, one: Definition, other: Definition, state: State, words: Collection[str], word: str) -> bool:
        """Whether a function that gives back what ends in some words may do so, for one of its folder, of what ends in `word`; of
        its parameters it gives back what those who call it give it."""
        if word in words or "" not in words:
            return word in words
        key = other, state.thing.name
        if key not in self._means:
            self._means[key] = self._given_to_it(other, state)
        if "" not in self._means[key]:
            self.index.reads_callers_in_folder(one, other.name)
        return not self._means[key].isdisjoint({word, ""})

    def _given_to_it(self, one: Definition, state: State) -> frozenset[str]:
        """What the releases by variables of a function end in: where these are its parameters, and all who call it are known,
        what these give it; else "", which may be anything."""
        shown = _code(self.index.text_of(one))
        plain = {found[1].strip() for found in state.given.finditer(shown) if not self._key(found, state)}
        graph = self.index.graph(one)
        if graph is None or not plain <= {each.name for each in graph.parameters}:
            return frozenset({""})
        known = not self.index.entries_naming(one.name) and any(neighbours_calling(one, self.index))
        if not known or not is_known_here_alone(one, self.index):
            return frozenset({""})
        return frozenset().union(*(_given(one, name, self.index) or {""} for name in plain))

    def behind(self, caller: Definition, name: str) -> tuple[Call, ...]:
        """What a function calls once it has called another one; all that it calls, where the graph does not show that call."""
        key = caller, name
        if key not in self._behind:
            self._behind[key] = self._look_behind(caller, name)
        return self._behind[key]

    def releases_behind(
        self, caller: Definition, name: str, state: State, keys: Collection[str], others: frozenset[str] = frozenset()
    ) -> bool:
        """Whether a function itself gives back the state of what ends in some words behind a call, be it of no `others`, and does
        not take it anew in between, nor has taken it ahead of the call by the name that it gives back."""
        graph = self.index.graph(caller)
        if graph is None:
            return False
        every = [(number, call) for number, node in enumerate(graph.nodes) for call in node.calls]
        starts = {number for number, call in every if call.callee == name}
        takes = {number for number, call in every if state.takes(call) and key_of(f"&{what_of(call)}") in keys}
        behind = graph.behind(starts, takes) - takes
        taken = ((number, call) for number, call in every if state.takes(call))
        own = {what_of(call) for number, call in taken if not starts.isdisjoint(graph.behind((number,)))}
        ends = (call for number, call in every if number in behind and call.callee in state.release)
        return any(self.given_to(call, state) in keys for call in ends if what_of(call) not in own | others)

    def _look_behind(self, caller: Definition, name: str) -> tuple[Call, ...]:
        graph = self.index.graph(caller)
        every = [n for n, node in enumerate(graph.nodes) if any(c.callee == name for c in node.calls)] if graph else []
        if graph is None or not graph.whole or not every:
            return tuple(Call(one, True, (), 0) for one in called(self.index.text_of(caller)))
        return tuple(call for n in sorted({*every, *graph.behind(every)}) for call in graph.nodes[n].calls)

    def behind_taking(self, one: Definition, state: State, name: str) -> frozenset[str]:
        """The functions that one calls where it may hold the state of an expression; all that it calls, where its graph does not
        show where it takes that."""
        graph = self.index.graph(one)
        if graph is None or not graph.whole:
            return called_names(self.index.text_of(one))
        every = [
            (number, call) for number, node in enumerate(graph.nodes) for call in node.calls if what_of(call) == name
        ]
        takes = {number for number, call in every if state.takes(call)}
        gone = {number for number, call in every if call.callee in state.release}
        if not takes:
            return called_names(self.index.text_of(one))
        return frozenset(call.callee for n in graph.behind(takes, gone) - gone for call in graph.nodes[n].calls)

    def own_ends(self, caller: Definition, state: State, but: str) -> frozenset[Call]:
        """The calls in a function that are given what it has given to a helper that takes the state for it, which is not `but`:
        they give back what that took.  Of what that one is given as well nobody knows who took it last."""
        lockers = lockers_of(self.index).called_by(caller, state) - {but}
        graph = self.index.graph(caller) if lockers else None
        if graph is None:
            return frozenset()
        given: dict[int, set[str]] = {}
        asked = {text for call in graph.calls() if call.callee == but for text in call.arguments}
        for number, node in enumerate(graph.nodes):
            for call in (one for one in node.calls if one.callee in lockers):
                given.setdefault(number, set()).update({*filter(_NAMED.fullmatch, call.arguments)} - asked)
        return frozenset(
            call
            for number, words in given.items()
            for n in graph.behind((number,))
            for call in graph.nodes[n].calls
            if not words.isdisjoint(call.arguments)
        )

    def is_wrapper(self, one: Definition, but: Definition, state: State, names: Collection[str]) -> bool:
        """Whether a function that does not call `but` calls one of some names for what it did not take by a helper before."""
        if but.name in called_names(self.index.text_of(one)):
            return False
        graph = self.index.graph(one)
        if graph is None or not graph.whole:
            return True
        every = {call for call in graph.calls() if call.callee in names}
        return not every or bool(every - self.own_ends(one, state, ""))

    def in_macros(self, folder: str, state: State) -> frozenset[str]:
        """What the releases in the macros of a folder end in, "" for what they are given: who uses them gives back unseen."""
        macros = folder_macros(self.index).of(folder)
        return frozenset(key_of(found) for one in macros for found in state.given.findall(one.body))

    def by_macros(self, folder: str, state: State, key: str) -> tuple[frozenset[str], frozenset[Definition]]:
        """The macros of a folder that give back the state of what ends in a word, or of what they are given, and those that use
        them; and the functions that use one of these, and none that takes it."""
        place = folder, state.thing.name, key
        if place not in self._by_macros:
            self._by_macros[place] = self._look_by_macros(folder, state, key)
        return self._by_macros[place]

    def _look_by_macros(self, folder: str, state: State, key: str) -> tuple[frozenset[str], frozenset[Definition]]:
        macros = folder_macros(self.index).of(folder)
        plain = {one.name for one in macros if _has(state.given, one.body, "")}
        near = {one.name for one in macros if _has(state.given, one.body, key)}
        ends = _with_users(near | {name for name in plain if self._is_given(name, folder, key)}, macros)
        if not ends:
            return frozenset(), frozenset()
        taking = {one.name for one in macros if _has(state.took, one.body, key) or _has(state.took, one.body, "")}
        takes = _with_users(taking, macros)
        uses = re.compile(rf"\b(?:{'|'.join(sorted(ends))}) ?\(".encode())
        stems = tuple(sorted(one.encode() for one in ends))
        every = (one for path in self.index.files_in(folder) for one in self.index.functions_with(uses, path, stems))
        texts = ((one, called_names(self.index.text_of(one))) for one in every)
        return ends, frozenset(one for one, names in texts if not names.isdisjoint(ends) and names.isdisjoint(takes))

    def _is_given(self, macro: str, folder: str, key: str) -> bool:
        """Whether a macro that releases what it is given is used on what may end in a word."""
        uses = re.compile(rf"(?<!define )\b{macro} ?\(([^;{{}}]*)")
        texts = (self.index.text(path) for path in self.index.files_in(folder))
        given = (
            one for text in texts if macro.encode() in text for one in uses.findall(text.decode("utf-8", "replace"))
        )
        return any(re.search(rf"\b{re.escape(key)}\b|[(,]\s*\w+\s*[,)]", f"({one}") for one in given)

    def called_in_macros(self, folder: str) -> frozenset[str]:
        """What the macros of a folder call: who uses them stands in no list of callers."""
        if folder not in self._called:
            bodies = (one.body.encode() for one in folder_macros(self.index).of(folder))
            self._called[folder] = frozenset(name for body in bodies for name in called_names(body))
        return self._called[folder]

    def wrapped(self, state: State) -> tuple[tuple[State, str], ...]:
        """The other sorts that the releases of one are by their definitions, each with the member: `inode_unlock(inode)` is
        `up_write(&inode->i_rwsem)`; not what they take themselves for that long."""
        if state.thing.name not in self._wrapped:
            texts = [self.index.text_of(one) for name in sorted(state.release) for one in self.index.definitions(name)]
            others = [one for one in states() if one != state]
            given = ((one, self._given_back(text, one)) for text in texts for one in others)
            every = [(one, member) for one, members in given for member in sorted(members)]
            self._wrapped[state.thing.name] = tuple((one, member) for one, member in every if member)
        return self._wrapped[state.thing.name]

    def _near(self, path: str, state: State) -> tuple[Definition, ...]:
        return self.index.functions_with(state.released, path, state.ends)

    def _given_back(self, text: bytes, state: State) -> frozenset[str]:
        """What the releases of a text end in that it takes nothing of; what a comment says of them is no release."""
        shown = _code(text)
        taken = {key_of(found) for found in state.took.findall(shown)}
        return self.ended(shown, state) - taken

    def ended(self, text: str, state: State) -> frozenset[str]:
        """What the releases of a text end in: of one that does more, what its own text releases, for it is given the owner."""
        return frozenset(self._key(found, state) for found in state.given.finditer(text))

    def _key(self, found: re.Match[str], state: State) -> str:
        """What one release of a text ends in, "" for a variable."""
        return self._inner(found[0].partition("(")[0].strip(), state) or key_of(found[1])

    def given_to(self, call: Call, state: State) -> str:
        """What a release ends in, "" for a variable."""
        return self._inner(call.callee, state) or (key_of(call.arguments[0]) if call.arguments else "")

    def _inner(self, name: str, state: State) -> str:
        """The member that a release of more than the state gives back of what it is given; "" where it is given the state."""
        if name not in state.thing.consumes:
            return ""
        key = name, state.thing.name
        if key not in self._inside:
            self._inside[key] = self._member(self.index.definitions(name), state, _DEPTH)
        return self._inside[key]

    def _member(self, every: Collection[Definition], state: State, depth: int) -> str:
        """The first member that some functions give back, or those of their files that they call; "" for none."""
        texts = [(one, self.index.text_of(one).decode("utf-8", "replace")) for one in every]
        members = (key_of(found) for _, text in texts for found in state.given.findall(text))
        if (member := next(filter(None, members), "")) or not depth:
            return member
        below = [near for one, text in texts for name in called(text.encode()) for near in self._beside(one, name)]
        return self._member(below, state, depth - 1) if below else ""

    def _beside(self, one: Definition, name: str) -> Iterator[Definition]:
        """The functions of a name in the file of another one."""
        return (near for near in self.index.resolve(name, one.path) if near.path == one.path and near != one)


def _code(text: bytes) -> str:
    """A text without what its comments say."""
    return (blanked(text) if b"/*" in text or b"//" in text else text).decode("utf-8", "replace")


def _has(pattern: re.Pattern[str], body: str, key: str) -> bool:
    """Whether a call in the body of a macro is given what ends in a word; "" for what the macro is given."""
    return any(key_of(found) == key for found in pattern.findall(body))


def _with_users(names: set[str], macros: Collection[FolderMacro]) -> frozenset[str]:
    """Some macros, and those that use them."""
    found = frozenset(names)
    while found:
        more = {one.name for one in macros if not found.isdisjoint(called_names(one.body.encode()))}
        if more <= found:
            break
        found |= more
    return found


def key_of(given: str) -> str:
    """What is known elsewhere of an expression that is given to a call: its member, or the name of a lock of all; "" of a
    variable, which may be anything."""
    plain = given.strip()
    return member_of(plain) or (plain[1:] if plain.startswith("&") and _WORD.fullmatch(plain[1:]) else "")


def nobody_closes(definition: Definition, state: State, index: KernelIndex, *, bound: bool) -> Callable[[str], bool]:
    """Asks of an expression whether nobody gives back its state in place of a function: of one that a table binds no other
    function of the folder, which may be another method, and of a helper nobody who calls it, nor what it or these call."""

    def asked(name: str) -> bool:
        _note(definition, state, index)
        closers, key = shared(index, _Closers), key_of(f"&{name}")
        if _by_macro(definition, state, index):
            return False
        found = closers.giving_back(definition, state, key)
        for other in _given(definition, name, index) - {key}:  # who has it calls it by another name
            found |= closers.giving_back(definition, state, other)
        found = {one for one in found if not _is_for_takers(one, definition, state, name, index)}
        if bound:
            return not found and closers.in_macros(definition.folder, state).isdisjoint({key, ""})
        macros, users = closers.by_macros(definition.folder, state, key)
        index.reads_who_names(definition, definition.name)
        ends = _Ends(state, name, frozenset(found | users), macros)
        return (
            not _is_beside(definition, closers.by_pointer(definition.folder, state, key), index)
            and _asked_for_by_none(definition, ends, index)
            and definition.name not in closers.called_in_macros(definition.folder)
            and is_known_here_alone(definition, index)
            and not any(_hands_on_to_others(*each, index) for each in _above(definition, index))
        )

    return asked


def _hands_on_to_others(caller: Definition, below: Definition, index: KernelIndex) -> bool:
    """Whether a function returns what another one does to callers whom nobody knows: they may give back what goes with that."""
    graph = index.graph(caller)
    if graph is None:
        return False
    calls = {call.text for call in graph.calls() if call.callee == below.name}
    told = calls | {one.left for one in graph.assignments() if one.right in calls}
    returns = any(node.returned in told for node in graph.nodes if node.kind == "return")
    return returns and not is_known_here_alone(caller, index)


def _is_for_takers(one: Definition, definition: Definition, state: State, name: str, index: KernelIndex) -> bool:
    """Whether a function that gives a lock back is a helper of who asks, by what it took before, and else of nobody but those
    that take such a lock: what it leaves held on some way its caller has forgotten."""
    todo, seen, asks = [one], {one}, False
    while todo:
        each = todo.pop()
        index.reads_callers_in_folder(definition, each.name)
        above = tuple(islice(neighbours_calling(each, index), _CALLERS))
        known = 0 < len(above) < _CALLERS and not index.entries_naming(each.name)
        if not known or not is_known_here_alone(each, index):
            return False
        asks = asks or definition in above
        others = [a for a in above if a != definition and state.taken.search(index.text_of(a)) is None]
        todo += [other for other in others if other not in seen]
        seen.update(others)
    return asks and _is_called_behind(seen, definition, state, name, index)


def _is_called_behind(
    helpers: Collection[Definition], definition: Definition, state: State, name: str, index: KernelIndex
) -> bool:
    """Whether a function calls some helpers only behind what takes the state of an expression, and takes it no more then."""
    graph, names = index.graph(definition), {one.name for one in helpers}
    every = [(n, call) for n, node in enumerate(graph.nodes) for call in node.calls] if graph is not None else []
    takes = {number for number, call in every if state.takes(call) and what_of(call) == name}
    asking = {number for number, call in every if call.callee in names}
    if graph is None or not takes:
        return False
    return asking <= graph.behind(takes) and graph.behind(asking).isdisjoint(takes)


def _given(definition: Definition, name: str, index: KernelIndex) -> frozenset[str]:
    """What is known elsewhere of what those near a function give to a parameter of it; nothing of another expression."""
    graph = index.graph(definition)
    place = next((n for n, one in enumerate(graph.parameters) if one.name == name), None) if graph else None
    near = (index.graph(one) for one in neighbours_calling(definition, index)) if place is not None else ()
    calls = (call for one in near if one is not None for call in one.calls() if call.callee == definition.name)
    return frozenset(
        key_of(call.arguments[place]) for call in calls if place is not None and place < len(call.arguments)
    )


def _is_beside(definition: Definition, others: Collection[Definition], index: KernelIndex) -> bool:
    """Whether a function may be called by one that stands in a table of the kind in which one of some others stands: a method may
    leave a lock to the one that is called after it.  So may what is in no table, or called by more than are looked at, and one
    that hands such a table on."""
    if not others:
        return False
    entries = [entry for one in others for entry in index.entries_naming(one.name)]
    tables, variables = {entry.struct for entry in entries}, {entry.variable for entry in entries}
    if _hands_on(definition, variables | {one.name for one in others}, index):
        return True
    todo, seen = [(definition, 0)], {definition}
    while todo:
        one, depth = todo.pop()
        callers = list(islice(neighbours_calling(one, index), _CALLERS))
        own = {entry.struct for entry in index.entries_naming(one.name)}
        if not tables or own & tables or (callers and depth > _TOPS):
            return True
        todo += [(caller, depth + 1) for caller in callers if caller not in seen]
        seen.update(callers)
    return False


def _hands_on(one: Definition, words: Collection[str], index: KernelIndex, depth: int = _DEPTH) -> bool:
    """Whether one of some words stands in a function, or in one of its folder that it calls."""
    text = index.text_of(one)
    if not set(words).isdisjoint(_WORD.findall(text.decode("utf-8", "replace"))):
        return True
    near = (each for name in called(text) for each in index.definitions_in(name, one.folder)) if depth else ()
    return any(_hands_on(each, words, index, depth - 1) for each in near if each != one)


def _note(definition: Definition, state: State, index: KernelIndex) -> None:
    """Remember that one which comes to release the state in the folder of a function, or does so no longer, decides."""
    for word in sorted(state.release):
        index.reads_callers_in_folder(definition, word)


class _Ends(NamedTuple):
    """What may give back the state of an expression that a function keeps: the functions, and the macros."""

    state: State
    name: str
    closers: frozenset[Definition]
    macros: frozenset[str]


def _asked_for_by_none(definition: Definition, ends: _Ends, index: KernelIndex) -> bool:
    """Whether neither a function is one of those that give back, or calls one with the lock held, or a wrapper of one, nor who
    calls it does so behind the call, but for what he took before, nor a method does that may be called after it."""
    state, known = ends.state, shared(index, _Closers)
    callers = {one: tuple(neighbours_calling(one, index)) for one in ends.closers}
    names = ends.macros | {one.name for one in ends.closers}
    around = {one for every in callers.values() for one in every}
    methods = set[Definition]()
    for _ in range(_WRAPPERS):
        more = {one for one in around if one.name not in names and known.is_wrapper(one, definition, state, names)}
        names |= {one.name for one in more}
        methods |= {one for one in more if index.entries_naming(one.name)}
        around = {caller for one in more for caller in neighbours_calling(one, index)}
    unnamed = frozenset(one.name for one, every in callers.items() if not every)
    if definition in ends.closers or not names.isdisjoint(known.behind_taking(definition, state, ends.name)):
        return False
    above = list(_above(definition, index))
    if _is_beside(definition, methods - {caller for caller, _ in above}, index):
        return False
    keys = {key_of(f"&{ends.name}"), *_given(definition, ends.name, index)}
    for caller, below in above:
        others = _other_variables(caller, definition, ends.name, index) if below == definition else frozenset[str]()
        if known.releases_behind(caller, below.name, state, keys, others):
            return False
        calls = set(known.behind(caller, below.name))
        own = known.own_ends(caller, state, below.name)
        words = _releases() if caller in ends.closers else frozenset[str]()  # another releases what it has taken
        if any(one.callee in names | words for one in calls - own):
            return False
        if unnamed and any(_leads_to(one, unnamed, caller, index) for one in calls):
            return False
    return bool(above) or not (unnamed or ends.macros)


def _other_variables(caller: Definition, definition: Definition, name: str, index: KernelIndex) -> frozenset[str]:
    """The variables of a caller that are not what it hands a function as a parameter, nor made of that."""
    graph, above = index.graph(definition), index.graph(caller)
    place = next((n for n, one in enumerate(graph.parameters) if one.name == name), None) if graph else None
    if above is None or place is None:
        return frozenset()
    calls = [one.arguments for one in above.calls() if one.callee == definition.name and place < len(one.arguments)]
    given = {word for one in calls for word in _WORD.findall(one[place])}
    made = {word for a in above.assignments() if a.left in given for word in _WORD.findall(a.right)}
    made |= {a.left for a in above.assignments() if not given.isdisjoint(_WORD.findall(a.right))}
    words = {text for one in above.calls() for text in one.arguments if text.isidentifier()}
    return frozenset(words - given - made) if calls else frozenset()


@cache
def _releases() -> frozenset[str]:
    """What gives back anything: a function that is seen to release one sort may do so in the words of another."""
    return frozenset[str]().union(*(one.release for one in states()))


def _leads_to(call: Call, callbacks: Collection[str], caller: Definition, index: KernelIndex) -> bool:
    """Whether a call may come to a function that nobody of the folder calls by its name: by a pointer, or as what it calls, or is
    given, has the name."""
    if not call.direct or not {word for text in call.arguments for word in _WORD.findall(text)}.isdisjoint(callbacks):
        return True
    return any(
        not called_names(index.text_of(one)).isdisjoint(callbacks) for one in index.resolve(call.callee, caller.path)
    )


def _by_macro(definition: Definition, state: State, index: KernelIndex) -> bool:
    """Whether a macro that a function uses, of whichever header, gives the state back."""
    path = definition.path
    macros = ((name, macros_of(index).of(name, path)) for name in called(index.text_of(definition)))
    return any(
        any(call.callee in state.release for call in macro.graph.calls()) and not index.resolve(name, path)
        for name, macro in macros
        if macro is not None
    )


def closing(definition: Definition, state: State, key: str, index: KernelIndex) -> frozenset[str]:
    """The functions beside one that give back the state of what ends in a word, and those that call one of them."""
    _note(definition, state, index)
    return shared(index, _Closers).names(definition.folder, state, key)


def ended_in(member: str, beside: Definition, state: State, index: KernelIndex) -> bool:
    """Whether a function beside another one gives back the state of what it finds in a member, and takes it of none such; with
    "" for the member, of a variable."""
    _note(beside, state, index)
    return any(member in words for _, words in shared(index, _Closers).of(beside.folder, state))


def who_keeps(name: str, graph: Graph, definition: Definition, state: State, index: KernelIndex) -> str:
    """Who goes on with an expression whose state a helper keeps: a caller that is not seen to give it back, to call what does, or
    to be called by such; "" where all callers do."""
    key = "" if any(one.name == name for one in graph.parameters) else key_of(f"&{name}")
    names = closing(definition, state, key, index)
    return next(_not_closing(definition, (state, key, names), index, (definition,)), "")


def _not_closing(
    one: Definition, wanted: tuple[State, str, frozenset[str]], index: KernelIndex, below: tuple[Definition, ...]
) -> Iterator[str]:
    """The callers of a function that do not give back what is `wanted`, and whose callers do not either."""
    state, key, names = wanted
    for caller in islice(neighbours_calling(one, index), _CALLERS):
        if caller.name in {each.name for each in below} or one.name not in called_names(index.text_of(caller)):
            continue  # another definition of it
        known = shared(index, _Closers)
        calls = set(known.behind(caller, one.name))
        calls -= known.own_ends(caller, state, one.name)
        released = {known.given_to(each, state) for each in calls if each.callee in state.release}
        if released & {key, ""} or (released and not key) or not names.isdisjoint(each.callee for each in calls):
            continue
        above = list(neighbours_calling(caller, index)) if len(below) <= _DEPTH else []
        if not above or any(_not_closing(caller, wanted, index, (*below, caller))):
            yield caller.name


def _above(definition: Definition, index: KernelIndex) -> Iterator[tuple[Definition, Definition]]:
    """Who calls a function, and who calls those, each with whom he calls."""
    todo, seen = [(definition, 0)], set[tuple[Definition, Definition]]()
    while todo:
        one, depth = todo.pop()
        for caller in neighbours_calling(one, index) if depth < _DEPTH else ():
            if (caller, one) not in seen and caller != definition:
                seen.add((caller, one))
                yield caller, one
                todo.append((caller, depth + 1))
