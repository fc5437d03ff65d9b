"""A method that ends a super block, an inode or a dentry -> EarlyFree, what it frees with no grace period before.

The methods are called while a walk may still be looking at the object; its own memory stays for a grace period, what hangs on it
stays as long as the file system lets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.graphs.operands import operand_of
from cocci_gen.code.searches.paths import Path, Ways, find_path
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.backing_devices import backing_devices
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.facts.walks.object_paths import UNKNOWN, ObjectPath, object_paths, roots

#: Calls deep that an object is followed.
_DEPTH = 4
#: Calls deep that a grace period is waited for.
_WAITERS = 2
_FEW = 3
#: Functions whose ways are remembered at a time: some have 30,000 states.
_KEPT = 64
#: Methods of a file system's own that may free what they are given.
_ENDS = re.compile(r"free|put|destroy|release|drop|kill|clean|fini|exit|close|delete")
#: A test for the last of several who hold a thing.
_LAST = re.compile(r"\w*(?:dec_and|_put_and|sub_and|put_testzero|dec_return|refcount_)\w* ?\(")


class _Wait(Enum):
    """Whether a function comes back behind a grace period."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    WITH_DEVICE = "with the backing device of the super block"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class EarlyFree:
    """What is freed, and where: the function, the node and the call of the file system that frees it or has it freed elsewhere
    (`by` is the call that does it), how it is come to, why it may stay all the same, and what may have waited for a grace period
    before ("" for no reason)."""

    path: ObjectPath
    definition: Definition
    graph: Graph
    node: int
    call: Call
    by: str
    way: Path
    steps: tuple[Step, ...]
    doubt: str
    waited: str


@dataclass(frozen=True, slots=True)
class Lost:
    """An object that is handed to what cannot be followed: where, by which call, and why."""

    path: ObjectPath
    definition: Definition
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class _At:
    """A function on the way: `site` is the last call inside of the folder of the method, once that is left."""

    definition: Definition
    graph: Graph
    known: Mapping[str, ObjectPath]
    steps: tuple[Step, ...]
    doubt: str
    waited: str = ""
    site: EarlyFree | None = None


class EarlyFrees:
    """The frees of methods, over one index."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self.paths = object_paths(index)
        self.words = self.paths.words
        #: Whether a call of a name in a file waits for a grace period, and whether a function does, so many calls deep.
        self._wait = cache(self._waits)
        self.waits_in = cache(self._waits_in)
        self._ways: dict[Definition, Ways] = {}
        self._locals: dict[tuple[Definition, frozenset[tuple[str, ObjectPath]]], dict[str, ObjectPath]] = {}

    def of(self, definition: Definition, graph: Graph, folder: str) -> tuple[EarlyFree | Lost, ...]:
        """Everything that the method of a file system in `folder` frees at once of what it is given, or may free unseen."""
        found: dict[tuple[Definition, int, ObjectPath], EarlyFree | Lost] = {}
        seen: set[tuple[Definition, tuple[tuple[str, ObjectPath], ...]]] = set()
        todo = [_At(definition, graph, self._known(definition, graph, roots(graph)), (), "")]
        while todo:
            at = todo.pop(0)
            for one in self._here(at, folder):
                if isinstance(one, _At):
                    key = (one.definition, tuple(sorted(one.known.items())))
                    if key not in seen:
                        seen.add(key)
                        todo.append(one)
                    continue
                line = one.call.line if isinstance(one, EarlyFree) else one.line
                found.setdefault((one.definition, line, one.path), one)
        return tuple(found.values())

    def _known(self, definition: Definition, graph: Graph, given: Mapping[str, ObjectPath]) -> dict[str, ObjectPath]:
        key = definition, frozenset(given.items())
        if key not in self._locals:
            self._locals[key] = self.paths.locals(graph, definition.path, given, range(len(graph.nodes)))
        return self._locals[key]

    def _here(self, at: _At, folder: str) -> Iterator[EarlyFree | Lost | _At]:
        for number, node in enumerate(at.graph.nodes):
            for call in node.calls:
                if not self._may_free(at, call):
                    continue
                given = [self.paths.path(operand_of(one), at.known, at.definition.path) for one in call.arguments]
                if not any(given):
                    continue
                way = self._ways_in(at.definition, at.graph).to(number)
                if isinstance(way, Path):
                    yield from self._at_call(at, number, call, given, way, folder)

    def _may_free(self, at: _At, call: Call) -> bool:
        """Whether a call may free what it is given, or leads to what is looked into: most of those that are deepest do not."""
        if call.callee in self.words.frees:
            return True
        return len(at.steps) < _DEPTH if call.direct else at.site is None

    def _at_call(
        self, at: _At, number: int, call: Call, given: list[ObjectPath], way: Path, folder: str
    ) -> Iterator[EarlyFree | Lost | _At]:
        free = self.words.frees.get(call.callee)
        shared, waited = self._shared(at.graph, way), at.waited or self._may_have_waited(at, way, folder)
        if free is not None:
            freed = given[free.argument] if -len(given) <= free.argument < len(given) else UNKNOWN
            if len(freed) > 1:
                here = _site(at, number, call, way)
                doubt = at.doubt or free.doubt or shared
                yield replace(at.site or here, path=freed, by=call.callee, steps=at.steps, doubt=doubt, waited=waited)
            return
        if not call.direct:
            for path in given if at.site is None and _ENDS.search(call.callee.rpartition(">")[2]) else ():
                if len(path) > 1:
                    yield Lost(path, at.definition, call.line, f"`{call.callee}` is called through a pointer with it")
            return
        outer = at.site or _site(at, number, call, way)
        hanging = any(len(one) > 1 for one in given)
        step = Step(at.definition.path, call.line, f"{at.graph.name}() calls {call.callee}()")
        for definition in self.index.resolve(call.callee, at.definition.path)[:_FEW]:
            graph = self.index.graph(definition)
            if graph is None:
                continue
            passed = {p.name: one for p, one in zip(graph.parameters, given, strict=False) if p.name and one}
            own = definition.folder == folder
            inner = own and not definition.path.endswith(".h")  # a wrapper in a header frees for many
            if not own and not hanging:
                continue  # what the VFS does with the object itself is its own
            yield _At(
                definition,
                graph,
                self._known(definition, graph, passed),
                (*at.steps, step),
                at.doubt or shared or ("" if graph.whole else f"a part of {graph.name}() did not parse"),
                waited,
                None if inner and at.site is None else outer,
            )

    @staticmethod
    def _shared(graph: Graph, way: Path) -> str:
        tests = (graph.nodes[one.node] for one in way.decisions)
        found = next((node for node in tests if _LAST.search(node.text)), None)
        return "" if found is None else f"only who holds it last frees it (`{found.text}`, line {found.line})"

    def _ways_in(self, definition: Definition, graph: Graph) -> Ways:
        """The ways on which no grace period is over: no node waits for one, or calls what does so on all its ways."""
        if definition not in self._ways:
            if len(self._ways) >= _KEPT:
                self._ways.clear()
            self._ways[definition] = Ways(
                graph,
                frozenset(
                    number
                    for number, node in enumerate(graph.nodes)
                    if any(
                        call.direct and self._wait(call.callee, definition.path) is _Wait.ALWAYS for call in node.calls
                    )
                ),
            )
        return self._ways[definition]

    def _may_have_waited(self, at: _At, way: Path, folder: str) -> str:
        """The call on the way that waits for a grace period on some of its ways, or for some super blocks, as a doubt, or ""."""
        for call in (call for number in way.nodes[:-1] for call in at.graph.nodes[number].calls if call.direct):
            wait = self._wait(call.callee, at.definition.path)
            if wait is _Wait.SOMETIMES:
                return f"{call.callee}() may have waited for a grace period before (line {call.line})"
            if wait is _Wait.WITH_DEVICE and backing_devices(self.index).own(folder):
                return (
                    f"{call.callee}() ends a backing device of its own, which takes a grace period (line {call.line})"
                )
        return ""

    def _waits(self, name: str, path: str, depth: int = _WAITERS) -> _Wait:
        """Whether a function waits for a grace period."""
        if name in self.words.waits:
            return _Wait.ALWAYS
        if name in self.words.ends_device:
            return _Wait.WITH_DEVICE
        if not depth or name in self.words.frees:
            return _Wait.NEVER
        found = {self.waits_in(one, depth - 1) for one in self.index.resolve(name, path)[:_FEW]} or {_Wait.NEVER}
        return found.pop() if len(found) == 1 else _Wait.SOMETIMES

    def _waits_in(self, definition: Definition, depth: int) -> _Wait:
        graph = self.index.graph(definition)
        if graph is None:
            return _Wait.NEVER
        waits = {
            (number, self._wait(call.callee, definition.path, depth))
            for number, node in enumerate(graph.nodes)
            for call in node.calls
            if call.direct
        }
        always = {number for number, wait in waits if wait is _Wait.ALWAYS}
        if always and not isinstance(find_path(graph, 1, always), Path):
            return _Wait.ALWAYS
        if always:
            return _Wait.SOMETIMES
        # What is one step further off is too rare to lean on; the end of a super block is not.
        return _Wait.WITH_DEVICE if any(wait is _Wait.WITH_DEVICE for _, wait in waits) else _Wait.NEVER


def early_frees(index: KernelIndex) -> EarlyFrees:
    """The frees of a tree: what waits for a grace period in one folder does so in all of them."""
    return shared(index, EarlyFrees)


def _site(at: _At, number: int, call: Call, way: Path) -> EarlyFree:
    return EarlyFree(UNKNOWN, at.definition, at.graph, number, call, call.callee, way, at.steps, at.doubt, at.waited)
