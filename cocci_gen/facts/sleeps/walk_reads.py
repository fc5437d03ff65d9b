"""A method that rcu-walk calls -> WalkRead, what it looks at while nothing is pinned.

Only the nodes count that a walk comes to: a test of LOOKUP_RCU, MAY_NOT_BLOCK or a NULL dentry is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.graphs.operands import Address, Called, Element, Member, Name, Operand, inside, operand_of
from cocci_gen.code.texts.values import Number, Value
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.object_paths import UNKNOWN, ObjectPath, object_paths, roots
from cocci_gen.facts.walks.sleep_flow import Bindings, Flow, bind
from cocci_gen.facts.walks.sleep_words import SleepWords

#: Calls deep that an object is followed.
_DEPTH = 4
#: Definitions of one name that are looked at.
_FEW = 3
#: What looks like a call and evaluates nothing.
_UNREAD = frozenset({"sizeof", "typeof", "__typeof__", "offsetof"})


@dataclass(frozen=True, slots=True)
class WalkRead:
    """A look at a member of an object: the path of the member, how it is come to (the look is the last step), and why it may be
    safe all the same ("" for no reason)."""

    path: ObjectPath
    steps: tuple[Step, ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class _At:
    """A function on the way: its file, its flow, the objects that it knows, and how it was come to."""

    file: str
    flow: Flow
    known: Mapping[str, ObjectPath]
    steps: tuple[Step, ...]
    doubt: str


class WalkReads:
    """The looks of methods, over one index."""

    def __init__(self, index: KernelIndex, words: SleepWords, *, directory: bool) -> None:
        """`directory`: the method is called for directories only."""
        self.index = index
        self.words = words
        self.paths = object_paths(index)
        self.guards: dict[str, Value] = dict(words.atomic)
        if directory:
            self.guards |= {"S_ISDIR()": Number(1), "S_ISREG()": Number(0), "S_ISLNK()": Number(0)}

    def of(self, definition: Definition, graph: Graph, bindings: Bindings) -> tuple[WalkRead, ...]:
        """Every member that the method looks at in rcu-walk, each once, with the shortest way to it."""
        start = Step(definition.path, definition.span.line, f"rcu-walk calls {graph.name}(), and pins nothing")
        found: dict[ObjectPath, WalkRead] = {}
        seen: set[tuple[str, str, Bindings, tuple[tuple[str, ObjectPath], ...]]] = set()
        todo = [self._at(definition.path, graph, bindings, roots(graph), (start,), "")]
        while todo:
            at = todo.pop(0)
            handed = self._handed_over(at) if len(at.steps) == 1 else ()
            for read in (*handed, *self._read(at)):
                known = found.setdefault(read.path, read)
                if known.doubt and not read.doubt:
                    found[read.path] = read
            for one in self._called(at) if len(at.steps) <= _DEPTH else ():
                key = (one.file, one.flow.graph.name, one.flow.bindings, tuple(sorted(one.known.items())))
                if key not in seen:
                    seen.add(key)
                    todo.append(one)
        return tuple(found.values())

    def _at(
        self,
        file: str,
        graph: Graph,
        bindings: Bindings,
        given: Mapping[str, ObjectPath],
        steps: tuple[Step, ...],
        doubt: str,
    ) -> _At:
        flow = Flow(graph, bindings, self.guards, self.words)
        reached = [number for number in range(len(graph.nodes)) if flow.may_reach(number)]
        doubt = doubt or ("" if graph.whole else f"a part of {graph.name}() did not parse")
        return _At(file, flow, self.paths.locals(graph, file, given, reached), steps, doubt)

    def _read(self, at: _At) -> Iterator[WalkRead]:
        locked = self._locked(at)
        for number, node in enumerate(at.flow.graph.nodes):
            if not node.text or number in locked or not at.flow.may_reach(number):
                continue
            for path in self._looks(at, operand_of(node.text)):
                here = Step(at.file, node.line, f"{at.flow.graph.name}() looks at it: `{node.text.rstrip(';')}`")
                yield WalkRead(path, (*at.steps, here), at.doubt)

    def _handed_over(self, at: _At) -> Iterator[WalkRead]:
        """The name that ->get_link hands to the walk, which reads it."""
        graph = at.flow.graph
        for number, node in enumerate(graph.nodes) if graph.returns.endswith("char *") else ():
            if node.kind == "return" and node.returned and at.flow.may_reach(number):
                path = self.paths.path(operand_of(node.returned), at.known, at.file)
                here = Step(
                    at.file, node.line, f"{graph.name}() hands the walk a name to read: `{node.text.rstrip(';')}`"
                )
                if path:
                    yield WalkRead((*path, "*"), (*at.steps, here), at.doubt)

    def _locked(self, at: _At) -> frozenset[int]:
        """The nodes behind the taking of a lock: who frees what is looked at there takes it too, and clears the pointer."""
        graph = at.flow.graph
        takers = {n for n, node in enumerate(graph.nodes) if any(c.callee in self.words.spins for c in node.calls)}
        return graph.behind(takers)

    def _looks(self, at: _At, operand: Operand) -> Iterator[ObjectPath]:
        if isinstance(operand, Address) and isinstance(operand.base, Member | Element):
            yield from (path for one in inside(operand.base) for path in self._looks(at, one))
            return
        if isinstance(operand, Called) and isinstance(operand.callee, Name):
            if operand.callee.name in _UNREAD or any(_is_format(one) for one in operand.arguments):
                return
            if operand.callee.name in self.paths.words.containers:
                operand = operand.arguments[0] if operand.arguments else operand
        if isinstance(operand, Member | Element) and (path := self.paths.path(operand, at.known, at.file)):
            yield path
        for one in inside(operand):
            yield from self._looks(at, one)

    def _called(self, at: _At) -> Iterator[_At]:
        """The functions that get one of the objects."""
        locked = self._locked(at)
        for number, node in enumerate(at.flow.graph.nodes):
            if number in locked or not at.flow.may_reach(number):
                continue
            for call in node.calls:
                given = [self.paths.path(operand_of(one), at.known, at.file) for one in call.arguments]
                if call.direct and any(given) and not self.words.cuts.why(call.callee):
                    yield from self._entered(at, number, call, given)

    def _entered(self, at: _At, number: int, call: Call, given: list[ObjectPath]) -> Iterator[_At]:
        graphs = self.paths.graphs(call.callee, at.file)
        if len(graphs) > _FEW:
            return
        several = f"{call.callee}() has {len(graphs)} definitions" if len(graphs) > 1 else ""
        here = Step(at.file, call.line, f"{at.flow.graph.name}() calls {call.callee}()")
        for where, graph in graphs:
            names = [one.name for one in graph.parameters]
            bindings = bind(names, call.arguments, at.flow.known(number))
            passed = {name: one for name, one in zip(names, given, strict=False) if name and one != UNKNOWN}
            yield self._at(where, graph, bindings, passed, (*at.steps, here), at.doubt or several)


def _is_format(operand: Operand) -> bool:
    """Whether an argument is the format of what is printed: only who debugs looks at what is printed of a walk."""
    return isinstance(operand, Name) and operand.name.startswith('"') and "%" in operand.name
