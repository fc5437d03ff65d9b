"""A function that may keep what it hands out -> Others, what those near it make of that who call it.

A getter often counts a thing once for a list of its own and once for its caller, which by its text cannot be told apart.  Where
all others who call it give back what they get, it is the caller's: what it returns, or puts where one of its arguments leads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.calls.page_places import own_holders
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.holdings.followed import RETURNED, given_back_behind, holding_under, own_pointers, taken_name
from cocci_gen.kinds.takes.holdings.holding import ERROR_OF, Holding
from cocci_gen.kinds.takes.holdings.kept import OWN_NAME
from cocci_gen.kinds.takes.holdings.sources import Place, Source
from cocci_gen.kinds.takes.words.behind import name_meant

#: So many others must give it back, and who does not may be one in so many.
_LEAST, _ONE_IN = 2, 6
#: A macro, and the name that is called where it begins.
_MEANS = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)\([^)\n]*\)[\s\\]*(\w+)[ \t]*\(")
#: Callers that are looked at.
_MOST = 24


@dataclass(frozen=True, slots=True)
class Others:
    """The functions that call another one and name what it hands out, each with whether it gives that back."""

    uses: tuple[tuple[str, bool], ...]

    def agree(self, but: str) -> bool:
        """Whether they take it for their own, one function left out."""
        given = [back for name, back in self.uses if name != but]
        return sum(given) >= _LEAST and _ONE_IN * given.count(False) <= len(given)


def others_of(getter: Definition, place: Place, sources: Callable[[str], Source]) -> Others:
    """Those in the file of a function, or in its folder, who call it, and get what it hands out by its value, or by an argument;
    `sources` tells what the functions of a file may take."""
    every = uses_of(getter, place, sources)
    return Others(tuple((one.graph.name, given_back_behind(one, number)) for one, number in every))


def uses_of(getter: Definition, place: Place, sources: Callable[[str], Source]) -> Iterator[tuple[Holding, int]]:
    """What each of them gets under a name which it does not return, and at which node."""
    index = sources(getter.path).effects.index
    for one in islice(dict.fromkeys(_calling(getter, index)), _MOST):
        graph = index.graph(one)
        if graph is not None:
            yield from _named(graph, getter.name, place, sources(one.path))


def _calling(getter: Definition, index: KernelIndex) -> Iterator[Definition]:
    """Those near a function that call it, be it by a macro that is nothing but such a call."""
    yield from neighbours_calling(getter, index)
    files = index.files_in(getter.folder)
    names = shared(index, _Meaning).of(getter.folder).get(getter.name.encode(), ())
    for name in (one for one in names if name_meant(one.decode(), getter.path, index) == getter.name):
        called = re.compile(rb"\b" + name + rb"\s*\(")
        for path in (one for one in files if name in index.text(one)):
            yield from index.functions_with(called, path, (name,))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Folder -> by the name that is called, the macros of its files that begin with that call; each folder is read once."""

    index: KernelIndex
    _known: dict[str, Mapping[bytes, tuple[bytes, ...]]] = field(default_factory=dict)

    def of(self, folder: str) -> Mapping[bytes, tuple[bytes, ...]]:
        """The macros of one folder."""
        if folder not in self._known:
            found: dict[bytes, dict[bytes, None]] = {}
            for path in self.index.files_in(folder):
                for macro, callee in _MEANS.findall(self.index.text(path)):
                    found.setdefault(callee, {})[macro] = None
            self._known[folder] = {callee: tuple(macros) for callee, macros in found.items()}
        return self._known[folder]


def _named(graph: Graph, getter: str, place: Place, source: Source) -> Iterator[tuple[Holding, int]]:
    """What each call of a function leaves under a name which that does not return."""
    texts = (ERROR_OF.sub("", node.returned) for node in graph.nodes if node.kind == "return")
    returned = {name for text in texts for name in OWN_NAME.findall(text)}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if not call.direct or name_meant(call.callee, source.path, source.effects.index) != getter:
                continue
            name = taken_name(graph, node, call, source) if place == RETURNED else _place_given(graph, call, place)
            if name and name not in returned:
                yield holding_under(graph, source, name, ((number, call),)), number


def _place_given(graph: Graph, call: Call, place: Place) -> str:
    """What a call fills of a function's own, whose address it is given: a pointer, a structure, or a member of one; "" where it
    is given something else."""
    position, member = place
    name = call.arguments[position].removeprefix("&") if position < len(call.arguments) else ""
    if not member:
        return name if name in own_pointers(graph) | own_holders(graph) else ""
    return f"{name}.{member}" if name.partition(".")[0] in own_holders(graph) else ""
