"""A call of a helper that hands back what it has locked, `inode = bed_new(dir)` -> the lock, as its caller would write it.

Such a helper returns what it locks on every way that does not fail, and has unlocked it, or not locked it yet, on all others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.facts.calls.neighbours import neighbour_meant
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.holdings.followed import call_assigned
from cocci_gen.kinds.takes.holdings.holding import gives_no_pointer
from cocci_gen.kinds.takes.lockers.lockers import FREE, HELD, lockers_of, ways_with
from cocci_gen.kinds.takes.words.behind import call_meant, name_meant
from cocci_gen.kinds.takes.words.folder_macros import folder_macros
from cocci_gen.kinds.takes.words.sorts import State, what_of
from cocci_gen.kinds.takes.words.spans import sorts_of
from cocci_gen.kinds.takes.words.texts import called_names

#: What a function of a header has in its name that hands back what it has locked.
_LOCKS = re.compile(r"lock(?:_|$)")
_BASE = re.compile(r"\s*&?\s*([A-Za-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Handers:
    """What the helpers of one tree hand back locked; every answer is remembered."""

    index: KernelIndex
    _folders: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)
    _helpers: dict[tuple[Definition, str], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _behind: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def in_text(self, text: bytes, path: str, state: State) -> bool:
        """Whether a function of a file calls some that may hand it back what they have locked."""
        names, folder = called_names(text), folder_of(path)
        if not names.isdisjoint(self._names(folder, state) | self._macros(folder, state)):
            return True
        return any(self._of_header(name, path, state) is not None for name in sorted(names) if _LOCKS.search(name))

    def taken(self, node: Node, call: Call, path: str, state: State) -> tuple[str, ...]:
        """What a call in a file hands back locked, by the name that its value gets; () where that cannot be told."""
        folder, name = folder_of(path), call_assigned(node, call)
        if call.callee in self._macros(folder, state):
            call = call_meant(call, path, self.index)
        near = call.callee in self._names(folder, state)
        if not call.direct or not (near or _LOCKS.search(call.callee)):
            return ()
        helper = neighbour_meant(call.callee, path, self.index) if near else self._of_header(call.callee, path, state)
        if not name.isidentifier() or helper is None:
            return ()
        return tuple(f"{name}{rest}" for rest in self._rests(helper, state))

    def _of_header(self, name: str, path: str, state: State) -> Definition | None:
        """The one function of a header that a name means in a file, where that may hand back what it locks."""
        every = self.index.resolve(name, path)
        if len(every) != 1 or not every[0].path.endswith(".h"):
            return None
        text = self.index.text_of(every[0]).decode("utf-8", "replace")
        return every[0] if _may_hand(text, state) else None

    def _names(self, folder: str, state: State) -> frozenset[str]:
        """The functions of a folder that return something of which they take the state, by their texts."""
        if folder not in self._folders:
            self._folders[folder] = {
                one.thing.name: self._read(folder, one) for one in sorts_of(self.index).in_folder(folder)
            }
        return self._folders[folder].get(state.thing.name, frozenset())

    def _macros(self, folder: str, state: State) -> frozenset[str]:
        """The macros of a folder that are nothing but a call of one of those."""
        key = folder, state.thing.name
        if key not in self._behind:
            names = self._names(folder, state)
            self._behind[key] = frozenset(self._meaning(folder, names)) if names else names
        return self._behind[key]

    def _meaning(self, folder: str, names: Collection[str]) -> Iterator[str]:
        word = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
        for one in folder_macros(self.index).of(folder):
            if word.search(one.body) and name_meant(one.name, one.path, self.index) in names:
                yield one.name

    def _read(self, folder: str, state: State) -> frozenset[str]:
        near = lockers_of(self.index).taking(folder, state)
        return frozenset(
            one.name for one in near if _may_hand(self.index.text_of(one).decode("utf-8", "replace"), state)
        )

    def _rests(self, one: Definition, state: State) -> tuple[str, ...]:
        """What stands behind the name of what a helper returns in the lock: "" or `->lock`."""
        key = one, state.thing.name
        if key not in self._helpers:
            graph = self.index.graph(one)
            self._helpers[key] = tuple(_handed(graph, state)) if graph is not None and graph.whole else ()
        return self._helpers[key]


def _may_hand(text: str, state: State) -> bool:
    """Whether a text returns what one of its takings begins with, be it by another name."""
    bases = {found[1] for given in state.took.findall(text) if (found := _BASE.match(given))}
    names = {name for base in bases for name in (base, *re.findall(rf"\b(\w+)\s*=\s*{base}\s*;", text))}
    return any(re.search(rf"\breturn\s+{name}\s*;", text) for name in names)


def _handed(graph: Graph, state: State) -> list[str]:
    places = dict.fromkeys(what_of(call) for call in graph.calls() if state.takes(call))
    parameters = {one.name for one in graph.parameters}
    found = []
    for place in places:
        base = _BASE.match(place)
        if base and base[1] not in parameters and _is_handed(graph, state, place, base[1]):
            found.append(place[base.end() :])
    return found


def _is_handed(graph: Graph, state: State, place: str, base: str) -> bool:
    """Whether each way returns what the place begins with locked, or fails without; where tests were forgotten, there are no more
    ways than those that are seen."""
    seen = ways_with(graph, state, place)
    names = {base, *(a.left for a in graph.assignments() if a.right == base and a.left.isidentifier())}
    ways = {(one.state, gives_no_pointer(one), graph.nodes[one.node].returned in names) for one in seen.arrivals}
    return (HELD, False, True) in ways and ways <= {(HELD, False, True), *_WITHOUT}


#: A way that fails has not got the lock, or given it back.
_WITHOUT = frozenset({(FREE, True, True), (FREE, True, False)})


def handers_of(index: KernelIndex) -> Handers:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Handers)
