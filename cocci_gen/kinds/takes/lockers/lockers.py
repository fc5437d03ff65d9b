"""A call of a helper that takes a lock for whoever calls it, `bed_lock(sb)` -> what is locked behind it, as the caller would
write it.

Such a helper has no way that it could come back by without the lock, or what it returns tells of which it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Event, Exit, Machine, Move
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.statuses import statuses
from cocci_gen.facts.calls.neighbours import neighbour_meant, neighbours_calling
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.lockers.passing import passing_of, releases
from cocci_gen.kinds.takes.words.sorts import State, agreeing, converts, taken_by, what_of
from cocci_gen.kinds.takes.words.spans import sorts_of
from cocci_gen.kinds.takes.words.texts import called_names

#: Stops of a helper before values are merged; then nothing is known of it.
_STOPS = 2_000
#: So many helpers may stand between a call and what gives back.
_DEEP = 1
FREE, HELD, LENT = "free", "held", "lent"
#: Who releases what he has not taken has it from his caller, and takes it again for that one.
LOCKED = Machine(
    "locked", FREE, (Move(FREE, "take", HELD), Move(HELD, "release", FREE), Move(FREE, "release", LENT)), ()
)
_WORD = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")
#: A function that returns a number, or whether it did; the same of a text, and of one that returns a pointer.
_TOLD_BY = "|".join(("int", "bool", "long", "ssize_t", *sorted(statuses().types)))
_TELLS = re.compile(rf"(?:.* )?(?:{_TOLD_BY})")
_NUMBER = re.compile(rf"[\w\s]*(?:\b(?:{_TOLD_BY})\s+|\*\s*)\w+\s*\(".encode())

#: What a helper takes, and how it comes back: () where it always has it.
Taken = tuple[str, tuple[Exit, ...]]
#: A place that is counted out, `box->locks + level - 1`: who gives it back may count otherwise.
_COUNTED = re.compile(r"[\w)\]] ?(?:[+*/%]|-(?!>))")
#: A declaration without a value.
_DECLARES = re.compile(r"(?!return\b|goto\b)(?:\w+ )*\w+ \**\w+(?:\[[^]]*\])?(?:, ?\**\w+(?:\[[^]]*\])?)*;")
#: Texts that may be put in place of a parameter without brackets.
_PLAIN = re.compile(r"&?[\w()]+(?:(?:->|\.)\w+)*(?:\([\w>.-]*\))?")


@dataclass(frozen=True, slots=True)
class Lockers:
    """What the helpers of one tree take for their callers; every answer is remembered."""

    index: KernelIndex
    _taking: dict[str, dict[str, tuple[Definition, ...]]] = field(default_factory=dict, compare=False, repr=False)
    _folders: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)
    _helpers: dict[tuple[Definition, str], tuple[Taken, ...]] = field(default_factory=dict, compare=False, repr=False)
    _trying: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    _ending: dict[tuple[Definition, str, int], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def in_text(self, text: bytes, path: str, state: State) -> bool:
        """Whether a function of a file calls some that may take the state for it."""
        names, folder = called_names(text), folder_of(path)
        if not names.isdisjoint(self.only_taking(folder, state)):
            return True
        trying = sorted(names & self._names_trying(folder, state))
        return any(self._of_name(name, path, state) for name in trying)

    def taken_at(self, node: Node, call: Call, path: str, state: State) -> tuple[str, ...]:
        """The same of a call in a node: which of two values tells of a taking, nobody knows, `err = n ? lock(a) : lock(b)`."""
        every = self._in_words(call, path, state)
        return tuple(name for name, exits in every if not exits or "?" not in node.text)

    def taken(self, call: Call, path: str, state: State) -> tuple[str, ...]:
        """What is taken for the caller by a call in a file, as the caller would write it; () where that cannot be told."""
        return tuple(name for name, _ in self._in_words(call, path, state))

    def names_it(self, call: Call, path: str) -> bool:
        """Whether a call takes anything for its caller that this one could name."""
        return any(self.taken(call, path, one) for one in sorts_of(self.index).at(path))

    def exits(self, call: Call, path: str, state: State, name: str) -> tuple[Exit, ...]:
        """By which results a call comes back that takes an expression for its caller, `held` or `free`; () for one that always
        has it."""
        return next((exits for one, exits in self._in_words(call, path, state) if one == name), ())

    def given_back(self, call: Call, path: str, state: State) -> tuple[str, ...]:
        """What a call of a helper gives back that its caller holds, as he would write it: on every way, and by its own text or
        that of what it calls; () where that cannot be told."""
        helper = neighbour_meant(call.callee, path, self.index) if call.direct else None
        graph = self.index.graph(helper) if helper is not None else None
        if helper is None or graph is None:
            return ()
        passing = passing_of(self.index)
        places = self._ended(helper, graph, state, _DEEP)
        near = (place for place in places if not _is_another(place, helper, path, self.index))
        found = (_said_by_caller(place, graph, call) for place in near)
        return tuple(one for one in found if one and passing.always_releases(call, path, state, one))

    def _ended(self, helper: Definition, graph: Graph, state: State, deep: int) -> tuple[str, ...]:
        """What a helper gives back by its own text, or by that of what it calls, in terms of its parameters: of several things
        nobody knows which, and neither of one that it takes as well."""
        key = helper, state.thing.name, deep
        if key not in self._ending:
            every = {what_of(one) for one in graph.calls() if one.callee in state.release}
            if deep and not every:
                every = self._ended_below(helper, graph, state, deep - 1)
            takes = (state.takes(one) or self.taken(one, helper.path, state) for one in graph.calls())
            plain = graph.whole and len(every) == 1 and not any(takes)
            self._ending[key] = places_of(graph, every) if plain else ()
        return self._ending[key]

    def _ended_below(self, helper: Definition, graph: Graph, state: State, deep: int) -> set[str]:
        """What the calls of a helper give back, as it would write it."""
        every: set[str] = set()
        for call in (one for one in graph.calls() if one.direct and one.callee != helper.name):
            below = neighbour_meant(call.callee, helper.path, self.index)
            inner = self.index.graph(below) if below is not None and state.ends_in(self.index.text_of(below)) else None
            if below is not None and inner is not None:
                places = self._ended(below, inner, state, deep)
                every |= {_said_by_caller(place, inner, call) for place in places} - {""}
        return every

    def _in_words(self, call: Call, path: str, state: State) -> tuple[Taken, ...]:
        folder = folder_of(path)
        known = call.direct and call.callee in self.only_taking(folder, state) | self._names_trying(folder, state)
        helper = neighbour_meant(call.callee, path, self.index) if known else None
        graph = self.index.graph(helper) if helper is not None else None
        if helper is None or graph is None:
            return ()
        every = self._places(helper, graph, state)
        places = (one for one in every if not _is_another(one[0], helper, path, self.index))
        found = ((_said_by_caller(place, graph, call), exits) for place, exits in places)
        return tuple((one, exits) for one, exits in found if one)

    def _of_name(self, name: str, path: str, state: State) -> tuple[Taken, ...]:
        helper = neighbour_meant(name, path, self.index)
        graph = self.index.graph(helper) if helper is not None else None
        return self._places(helper, graph, state) if helper is not None and graph is not None else ()

    def _names_trying(self, folder: str, state: State) -> frozenset[str]:
        """The functions of a folder that may come back with the state, and without, by their texts: they return a number."""
        key = folder, state.thing.name
        if key not in self._trying:
            near = ((one, self.index.text_of(one)) for one in self.taking(folder, state))
            self._trying[key] = frozenset(
                one.name for one, text in near if _NUMBER.match(text) and state.leaves_twice(text)
            )
        return self._trying[key]

    def called_by(self, caller: Definition, state: State) -> frozenset[str]:
        """The functions that one calls and that may come back to it with the state, on all ways or by what they return."""
        names, folder = called_names(self.index.text_of(caller)), caller.folder
        trying = sorted(names & self._names_trying(folder, state))
        kept = (one for one in trying if self._of_name(one, caller.path, state))
        return (names & self.only_taking(folder, state)) | frozenset(kept)

    def only_taking(self, folder: str, state: State) -> frozenset[str]:
        """The functions of a folder that take the state of more than they give back, by their texts."""
        if folder not in self._folders:
            self._folders[folder] = self._read(folder)
        return self._folders[folder].get(state.thing.name, frozenset())

    def _read(self, folder: str) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for state in sorts_of(self.index).in_folder(folder):
            near = self.taking(folder, state)
            found[state.thing.name] = frozenset(one.name for one in near if state.only_takes(self.index.text_of(one)))
        return found

    def taking(self, folder: str, state: State) -> tuple[Definition, ...]:
        """The functions of a folder in whose texts something takes the state."""
        if folder not in self._taking:
            self._taking[folder] = self._look(folder)
        return self._taking[folder].get(state.thing.name, ())

    def _look(self, folder: str) -> dict[str, tuple[Definition, ...]]:
        """The same of every sort of state: each file of a folder is read once for all of them."""
        found: dict[str, list[Definition]] = {}
        every = sorts_of(self.index).in_folder(folder)
        for path in self.index.files_in(folder):
            text = self.index.text(path)
            for state in (one for one in every if one.is_named_in(text)):
                found.setdefault(state.thing.name, []).extend(self.index.functions_with(state.taken, path, state.stems))
        return {sort: tuple(every) for sort, every in found.items()}

    def _places(self, one: Definition, graph: Graph, state: State) -> tuple[Taken, ...]:
        """What a helper takes, in terms of its parameters, and by which results it comes back with it, and without."""
        key = one, state.thing.name
        if key not in self._helpers:
            places = _places(graph, state) if graph.whole else []
            self._helpers[key] = tuple(
                (place, exits)
                for place, exits in places
                if not self._ends_it(one, graph, state, place) and (not exits or self._is_for_callers(one, state))
            )
        return self._helpers[key]

    def _is_for_callers(self, one: Definition, state: State) -> bool:
        """Whether some caller of a helper gives back what that may have taken: else it has forgotten to."""
        self.index.reads_callers_in_folder(one, one.name)
        texts = [self.index.text_of(caller) for caller in neighbours_calling(one, self.index)]
        near = {name for text in texts for name in called_names(text)} - {one.name}
        ends = (
            self.index.text_of(each) for name in sorted(near) for each in self.index.definitions_in(name, one.folder)
        )
        texts += [text for text in ends if state.taken.search(text) is None]
        return any(state.released.search(text) for text in texts)

    def _ends_it(self, one: Definition, graph: Graph, state: State, place: str) -> bool:
        """Whether something that a helper calls gives back what it takes."""
        passing = passing_of(self.index)
        return any(releases(passing.exits(call, one.path, state, place)) for call in graph.calls() if call.direct)


def _places(graph: Graph, state: State) -> list[Taken]:
    every = (call for call in graph.calls() if state.takes(call) and not converts(call))
    calls = [call for call in every if not _COUNTED.search(what_of(call))]
    ends = {what_of(call): _ends_with(graph, state, what_of(call)) for call in calls}
    exits = {name: found for name, found in ends.items() if found is not None}
    given = [(text, exits[name]) for name, text in _in_parameters(graph, exits)]
    return [*given, *((name, exits[name]) for name in _of_nobody(graph, exits))]


def places_of(graph: Graph, names: Iterable[str]) -> tuple[str, ...]:
    """Expressions of a helper in terms of its parameters, those of which that can be told; of what is one for all by its name."""
    every = tuple(names)
    return (*(text for _, text in _in_parameters(graph, every)), *_of_nobody(graph, every))


def _of_nobody(graph: Graph, names: Iterable[str]) -> Iterator[str]:
    """Those of some expressions that are the names of what stands outside of all functions: whoever calls says it so, too."""
    own = {a.left for a in graph.assignments()} | {parameter.name for parameter in graph.parameters}
    declared = (node.text for node in graph.nodes if _DECLARES.fullmatch(node.text))
    own |= {word for text in declared for word in _WORD.findall(text)}
    yield from (name for name in names if name not in own and _WORD.fullmatch(name))


def _is_another(place: str, helper: Definition, path: str, index: KernelIndex) -> bool:
    """Whether what stands outside of all functions is one thing in the file of a helper, and another one in that of who calls
    it: each has one of that name for itself."""
    if not _WORD.fullmatch(place) or helper.path == path:
        return False
    own = re.compile(rf"(?m)^static\b[^;{{}}]*\b{place}\b".encode())
    return own.search(index.text(path)) is not None


def spelled_out(graph: Graph, name: str) -> tuple[str, ...]:
    """An expression of a function, and the same in terms of its parameters alone, wherever else its variables stand in it:
    `BED_I(dir->i_sb)->lock` for `BED_I(sb)->lock`.  Two functions that mean the same may spell it so."""
    return tuple(dict.fromkeys((name, *(text for _, text in _in_parameters(graph, [name], everywhere=True)))))


def _in_parameters(graph: Graph, names: Iterable[str], *, everywhere: bool = False) -> list[tuple[str, str]]:
    """The same, each behind the expression that it stands for; variables are what it begins with, or stand `everywhere`."""
    values = {a.left: a.right for a in graph.assignments() if a.operator == "="}
    changed = [a.left for a in graph.assignments()]
    known = {parameter.name for parameter in graph.parameters}
    own = {name for name in values if changed.count(name) > 1} | (known & values.keys())
    told = {one: text for one, text in values.items() if one not in own}
    named = ((name, _resolved(name, told, everywhere=everywhere)) for name in names)
    return [
        (name, text) for name, text in named if not own & set(_WORD.findall(text)) and known & set(_WORD.findall(text))
    ]


def _ends_with(graph: Graph, state: State, name: str) -> tuple[Exit, ...] | None:
    """How the ways through a helper end that takes something under a name: () where all have it, for it tries until it does; by
    which results with it and without, where no sign is of both; None where nobody can tell."""
    seen = ways_with(graph, state, name)
    held = {one.result for one in seen.arrivals if one.state == HELD}
    free = {one.result for one in seen.arrivals if one.state != HELD}
    if seen.merged or not held or any(one.state == LENT for one in seen.arrivals):
        return None
    if not free:
        return ()
    if graph.returns.endswith("*"):
        if any(one.meets(other) for one in held for other in free):
            return None
    elif not _TELLS.fullmatch(graph.returns) or any(one.signs & other.signs for one in held for other in free):
        return None
    return tuple(sorted({*(Exit(HELD, one) for one in held), *(Exit(FREE, one) for one in free)}))


def ways_with(graph: Graph, state: State, name: str) -> Exploration:
    """The ways through a helper, with whether it has got at their ends what it takes under a name."""
    events: dict[int, tuple[Event, ...]] = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if what_of(call) == name and state.takes(call):
                events[number] = (*events.get(number, ()), taken_by(number, call, state, LOCKED))
            elif what_of(call) == name and call.callee in state.release:
                events[number] = (*events.get(number, ()), LOCKED.step(number, call, "release"))
    return explore(Question(graph, LOCKED, events, LOCKED.start, limit=_STOPS, agreeing=agreeing(graph)))


def _resolved(text: str, values: Mapping[str, str], *, everywhere: bool = False) -> str:
    """An expression with the variables of a helper replaced by what they were declared with."""
    for _ in range(len(values)):
        every = list(_WORD.finditer(text))[: None if everywhere else 1]
        told = [one for one in every if _PLAIN.fullmatch(values.get(one[0], ""))]
        if not told:
            break
        text = _put(text, told[-1], values[told[-1][0]])
    return text


def in_words_of_caller(place: str, given: Mapping[str, str]) -> str:
    """An expression over parameters with what a call hands over in their place; "" where that is no plain text."""
    for found in reversed(list(_WORD.finditer(place))):
        if found[0] in given:
            if not _PLAIN.fullmatch(given[found[0]]):
                return ""
            place = _put(place, found, given[found[0]])
    return place


def _said_by_caller(place: str, graph: Graph, call: Call) -> str:
    """The object that a place over the parameters of a helper is in the words of who calls it so; "" where nobody can tell."""
    given = {one.name: text for one, text in zip(graph.parameters, call.arguments, strict=False)}
    return in_words_of_caller(place, given).removeprefix("&")


def _put(text: str, found: re.Match[str], value: str) -> str:
    """A text with a value in place of a word: `lock->value` with `&bed->lock` is `bed->lock.value`, `*at` with `&bed` `bed`."""
    ahead, behind = text[: found.start()], text[found.end() :]
    if value.startswith("&") and ahead.endswith("*") and not behind:
        return f"{ahead[:-1]}{value[1:]}"
    if value.startswith("&") and behind.startswith("->"):
        return f"{ahead}{value[1:]}.{behind[2:]}"
    return f"{ahead}{value}{behind}"


def lockers_of(index: KernelIndex) -> Lockers:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Lockers)
