"""A call of a helper that takes a lock for whoever calls it, `bed_lock(sb)` -> what is locked behind it, as the caller would
write it.

Such a helper has no way that it could come back by without the lock.  One that may fail, or takes it at times, is left to
whoever reads its ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cocci_gen.code.control_flow import Call, Graph
from cocci_gen.code.explorations import Exploration
from cocci_gen.code.machines import Event, Machine, Move
from cocci_gen.code.search import Question, explore
from cocci_gen.facts.definitions import Definition, folder_of
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.neighbours import neighbour_meant
from cocci_gen.facts.shared import shared
from cocci_gen.kinds.takes.passing import passing_of, releases
from cocci_gen.kinds.takes.sorts import State, agreeing, converts, states, taken_by, what_of
from cocci_gen.kinds.takes.texts import called_names

#: Stops of a helper before values are merged; then nothing is known of it.
_STOPS = 2_000
FREE, HELD = "free", "held"
LOCKED = Machine("locked", FREE, (Move(FREE, "take", HELD), Move(HELD, "release", FREE)), ())
_WORD = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")
#: Texts that may be put in place of a parameter without brackets.
_PLAIN = re.compile(r"&?[\w()]+(?:(?:->|\.)\w+)*(?:\([\w>.-]*\))?")


@dataclass(frozen=True, slots=True)
class Lockers:
    """What the helpers of one tree take for their callers; every answer is remembered."""

    index: KernelIndex
    _taking: dict[str, dict[str, tuple[Definition, ...]]] = field(default_factory=dict, compare=False, repr=False)
    _folders: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)
    _helpers: dict[tuple[Definition, str], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def in_text(self, text: bytes, path: str, state: State) -> bool:
        """Whether a function of a file calls some that may take the state for it."""
        return not called_names(text).isdisjoint(self._names(folder_of(path), state))

    def taken(self, call: Call, path: str, state: State) -> tuple[str, ...]:
        """What is taken for the caller by a call in a file, as the caller would write it; () where that cannot be told."""
        if not call.direct or call.callee not in self._names(folder_of(path), state):
            return ()
        helper = neighbour_meant(call.callee, path, self.index)
        graph = self.index.graph(helper) if helper is not None else None
        if helper is None or graph is None:
            return ()
        given = {one.name: text for one, text in zip(graph.parameters, call.arguments, strict=False)}
        found = (_in_words_of_caller(place, given) for place in self._places(helper, graph, state))
        return tuple(one.removeprefix("&") for one in found if one)

    def _names(self, folder: str, state: State) -> frozenset[str]:
        """The functions of a folder that take the state of more than they give back, by their texts."""
        if folder not in self._folders:
            self._folders[folder] = self._read(folder)
        return self._folders[folder].get(state.thing.name, frozenset())

    def _read(self, folder: str) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for state in states():
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
        for path in self.index.files_in(folder):
            text = self.index.text(path)
            for state in (one for one in states() if one.is_named_in(text)):
                found.setdefault(state.thing.name, []).extend(self.index.functions_with(state.taken, path, state.stems))
        return {sort: tuple(every) for sort, every in found.items()}

    def _places(self, one: Definition, graph: Graph, state: State) -> tuple[str, ...]:
        """What a helper takes on its one way, in terms of its parameters."""
        key = one, state.thing.name
        if key not in self._helpers:
            places = _places(graph, state) if graph.whole else []
            self._helpers[key] = tuple(place for place in places if not self._ends_it(one, graph, state, place))
        return self._helpers[key]

    def _ends_it(self, one: Definition, graph: Graph, state: State, place: str) -> bool:
        """Whether something that a helper calls gives back what it takes."""
        passing = passing_of(self.index)
        return any(releases(passing.exits(call, one.path, state, place)) for call in graph.calls() if call.direct)


def _places(graph: Graph, state: State) -> list[str]:
    calls = [call for call in graph.calls() if state.takes(call) and not converts(call)]
    calls = [call for call in calls if _is_held_in_the_end(graph, state, what_of(call))]
    values = {a.left: a.right for a in graph.assignments() if a.operator == "="}
    changed = [a.left for a in graph.assignments()]
    known = {parameter.name for parameter in graph.parameters}
    own = {name for name in values if changed.count(name) > 1} | (known & values.keys())
    named = (
        _resolved(what_of(call), {name: text for name, text in values.items() if name not in own}) for call in calls
    )
    return [text for text in named if not own & set(_WORD.findall(text)) and known & set(_WORD.findall(text))]


def _is_held_in_the_end(graph: Graph, state: State, name: str) -> bool:
    """Whether every way through a helper ends with what it takes under a name: it tries until it has it."""
    seen = ways_with(graph, state, name)
    return bool(seen.arrivals) and not seen.merged and all(one.state == HELD for one in seen.arrivals)


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


def _resolved(text: str, values: Mapping[str, str]) -> str:
    """An expression with the variables of a helper replaced by what they were declared with."""
    for _ in range(len(values)):
        found = _WORD.search(text)
        if found is None or found[0] not in values or not _PLAIN.fullmatch(values[found[0]]):
            break
        text = _put(text, found, values[found[0]])
    return text


def _in_words_of_caller(place: str, given: Mapping[str, str]) -> str:
    """An expression over parameters with what a call hands over in their place; "" where that is no plain text."""
    for found in reversed(list(_WORD.finditer(place))):
        if found[0] in given:
            if not _PLAIN.fullmatch(given[found[0]]):
                return ""
            place = _put(place, found, given[found[0]])
    return place


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
