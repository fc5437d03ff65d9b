"""A function and what is looked for -> Reached, the shortest chain of calls to it, or NotReached.

Followed are calls by name; a call through a pointer counts when the member has a name that is looked for (`->setlease(...)` hands
a lease on).  The search is breadth first, bounded, and remembered, so a chain is the shortest one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, is_alias
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared

#: Functions looked at before the search gives up.
LIMIT = 1500
#: Calls deep that one object is followed through.
GIVEN_DEPTH = 5

_GIVEN = re.compile(r"(?:->|\.)(\w+)$")
_MEMBER = re.compile(r"(?:->|\.)\s*(\w+)\)*$")
#: A function that does nothing but hand on, from its parameters to its end, and the last word of a parameter.
_FORWARD = re.compile(
    r"\((?P<parameters>[^{}]*)\)\s*\{\s*(?:return\s+)?(?P<callee>[a-z_]\w*)\s?\((?P<arguments>[^;{}]*)\);\s*\}$", re.S
)
_PARAMETER = re.compile(r"(\w+)\s*(?:,|$)")

Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: calls of these names (functions, or members called through a pointer), assignments to or of these
    words, and calls that are given a member of these names (`arguments`), at most `depth` calls deep; functions in `closed`
    folders are not entered."""

    names: frozenset[str]
    writes: frozenset[str]
    closed: tuple[str, ...]
    depth: int
    arguments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reached:
    """The calls that lead there, the last of them the one that was looked for."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NotReached:
    """No chain was found; `unparsed` names a function of the same folder that did not parse and so may hide one, or ""."""

    unparsed: str


class CallReach:
    """Reach of the functions of one index; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self._known: dict[tuple[Definition, Sought], Reached | NotReached] = {}
        self._objects: dict[tuple[Definition, tuple[int, ...], Sought, int], Steps | None] = {}
        self._holes: dict[str, frozenset[str]] = {}
        self._forwards: dict[Definition, tuple[Definition, ...]] = {}
        self._direct: dict[tuple[Definition, Sought], tuple[Step | None, tuple[tuple[Call, Definition], ...]]] = {}

    def of_node(self, node: Node, path: str, target: Sought) -> Reached | NotReached:
        """What one node of a function in `path` reaches, at once or further down."""
        hit = _hit(node, target)
        if hit is not None:
            return Reached((Step(path, hit[0], hit[1]),))
        missing = NotReached("")
        for call, definition in self._entered(node.calls, path, target):
            found = self.of(definition, target)
            if isinstance(found, Reached):
                return Reached((Step(path, call.line, f"calls {call.callee}()"), *found.steps))
            near = PurePosixPath(definition.path).parent == PurePosixPath(path).parent
            if (
                found.unparsed and near
            ):  # what kfree() calls and tree-sitter cannot read hides nothing of a file system's
                missing = found
        return missing

    def of_call(self, call: Call, path: str, target: Sought) -> Reached | NotReached:
        """What one call of a function in `path` reaches, whatever else its node does."""
        return self.of_node(Node("statement", call.line, "", (call,), (), ()), path, target)

    def of_given(
        self, call: Call, path: str, names: frozenset[str], target: Sought, depth: int = GIVEN_DEPTH
    ) -> Steps | None:
        """The chain from a call that is given one of `names`, when every call on it is given the same object; None where there
        is none.  What a method hands on of itself acts for it; what it hands on of others acts for them."""
        positions = tuple(n for n, text in enumerate(call.arguments) if is_alias(text, names, call_vocabulary()))
        if not positions:
            return None
        if (call.callee if call.direct else member_of(call.callee)) in target.names:
            return (Step(path, call.line, f"calls {call.callee}()"),)
        if depth == 0:
            return None
        for _, definition in self._entered((call,), path, target):
            below = self._given(definition, positions, target, depth - 1)
            if below is not None:
                return (Step(path, call.line, f"calls {call.callee}()"), *below)
        return None

    def _given(self, definition: Definition, positions: tuple[int, ...], target: Sought, depth: int) -> Steps | None:
        key = (definition, positions, target, depth)
        if key not in self._objects:
            self._objects[key] = None  # a recursion leads nowhere new
            graph = self.index.graph(definition)
            parameters = [p.name for p in graph.parameters] if graph is not None else []
            names = {parameters[n] for n in positions if n < len(parameters)} - {""}
            own = frozenset(name for one in names for name in aliases(graph, one)) if graph is not None else frozenset()
            chains = (self.of_given(call, definition.path, own, target, depth) for call in _all_calls(graph))
            self._objects[key] = next((chain for chain in chains if chain is not None), None)
        return self._objects[key]

    def of(self, definition: Definition, target: Sought) -> Reached | NotReached:
        """What a function reaches."""
        key = (definition, target)
        if key not in self._known:
            self._known[key] = self._search(definition, target)
        return self._known[key]

    def _search(self, start: Definition, target: Sought) -> Reached | NotReached:
        queue: deque[tuple[Definition, tuple[Step, ...]]] = deque([(start, ())])
        seen = {start}
        unparsed = ""
        while queue:
            definition, steps = queue.popleft()
            known = self._known.get((definition, target))
            if isinstance(known, Reached):
                return Reached((*steps, *known.steps))
            hit, callees = self._calls_of(definition, target)
            if hit is not None:
                return Reached((*steps, hit))
            if self._hides(definition, start):
                unparsed = definition.name
            if len(steps) >= target.depth:
                continue
            for call, callee in callees:
                if callee not in seen:
                    seen.add(callee)
                    step = Step(definition.path, call.line, f"{definition.name}() calls {call.callee}()")
                    queue.append((callee, (*steps, step)))
            if len(seen) > LIMIT:
                break
        return NotReached(unparsed)

    def _hides(self, definition: Definition, start: Definition) -> bool:
        """Whether a function near the first one was not read as a whole."""
        if PurePosixPath(definition.path).parent != PurePosixPath(start.path).parent:
            return False
        graph = self.index.graph(definition)
        return graph is None or not graph.whole or any(self._lost(call, definition.path) for call in graph.calls())

    def _lost(self, call: Call, path: str) -> bool:
        """Whether a callee may be a function that stands in a part of the file which did not parse."""
        named = call.direct and call.callee.islower() and call.callee in self._in_holes(path)
        return named and not call_vocabulary().is_neutral(call.callee) and not self.index.resolve(call.callee, path)

    def _in_holes(self, path: str) -> frozenset[str]:
        """Words of the parts of a file that did not parse."""
        if path not in self._holes:
            lines = self.index.text(path).decode("utf-8", "replace").split("\n")
            parts = ["\n".join(lines[first - 1 : last]) for first, last in self.index.holes(path)]
            self._holes[path] = frozenset(re.findall(r"\w+", "\n".join(parts)))
        return self._holes[path]

    def _calls_of(
        self, definition: Definition, target: Sought
    ) -> tuple[Step | None, tuple[tuple[Call, Definition], ...]]:
        """The first thing looked for in a function itself, and the functions that it calls."""
        key = (definition, target)
        if key not in self._direct:
            graph = self.index.graph(definition)
            nodes = graph.nodes if graph is not None else ()
            hits = (_hit(node, target) for node in nodes)
            first = next((hit for hit in hits if hit is not None), None)
            step = Step(definition.path, first[0], first[1]) if first else None
            callees = () if step else tuple(self._entered(_all_calls(graph), definition.path, target))
            self._direct[key] = (step, callees)
        return self._direct[key]

    def _entered(self, calls: tuple[Call, ...], path: str, target: Sought) -> Iterator[tuple[Call, Definition]]:
        """The definitions that calls lead to and that are worth a look."""
        for call in calls:
            if not call.direct or call_vocabulary().is_neutral(call.callee):
                continue
            for definition in self.index.resolve(call.callee, path)[:4]:
                if self._open(definition, path, target):
                    yield call, definition
                    continue
                for behind in self._forwarded(definition):
                    if self._open(behind, path, target):
                        yield call, behind

    @staticmethod
    def _open(definition: Definition, path: str, target: Sought) -> bool:
        return definition.path == path or not definition.path.startswith(target.closed)

    def _forwarded(self, definition: Definition) -> tuple[Definition, ...]:
        """What an inline function of a header hands all its parameters on to in its only statement; () for any other."""
        if not definition.path.endswith(".h"):
            return ()
        if definition not in self._forwards:
            text = self.index.text_of(definition).decode("utf-8", "replace")
            found = _FORWARD.search(text)
            heads = _PARAMETER.findall(found["parameters"]) if found else []
            given = [one.strip() for one in found["arguments"].split(",")] if found else []
            handed = given[: len(heads)] == heads
            behind = self.index.resolve(found["callee"], definition.path)[:4] if found is not None and handed else ()
            self._forwards[definition] = tuple(one for one in behind if one != definition)
        return self._forwards[definition]


def call_reach(index: KernelIndex) -> CallReach:
    """The one search of an index, which remembers what it found."""
    return shared(index, CallReach)


def member_of(callee: str) -> str:
    """`ops->setlease` -> `setlease`: the member that a call through a pointer names; "" for any other callee."""
    member = _MEMBER.search(callee)
    return member.group(1) if member else ""


def _all_calls(graph: Graph | None) -> tuple[Call, ...]:
    return graph.calls() if graph is not None else ()


def _hit(node: Node, target: Sought) -> tuple[int, str] | None:
    """(line, words) when a node itself does what is looked for."""
    for call in node.calls:
        if (call.callee if call.direct else member_of(call.callee)) in target.names:
            return call.line, f"{call.callee}()" if call.direct else f"calls through {call.callee}"
        if any(set(_GIVEN.findall(argument)) & target.arguments for argument in call.arguments):
            return call.line, call.text[:80]
    if target.writes:
        for assignment in node.assignments:
            flags = {word for word in re.findall(r"\w+", assignment.right) if word.isupper()}
            if (set(re.findall(r"\w+", assignment.left)) | flags) & target.writes:
                return assignment.line, f"{assignment.left} {assignment.operator} {assignment.right}"[:60]
    return None
