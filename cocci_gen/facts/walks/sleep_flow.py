"""A Graph and what is known of its parameters -> Flow, which nodes can be reached while the caller's lock is still held.

A branch that the bindings decide is taken as decided; a call that releases a spinlock which the function did not take gives
up the caller's lock, and what follows may sleep until the lock is taken again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.paths import NoPath, Path, find_path
from cocci_gen.code.texts.expressions import evaluate
from cocci_gen.code.texts.values import UNKNOWN, Known, Number, Unknown, Value, gfp_sleeps, truth
from cocci_gen.facts.walks.sleep_words import SleepWords

_NAME = re.compile(r"[A-Za-z_]\w*")
_CASE = re.compile(r"^[\w.]+$")

Bindings = frozenset[tuple[str, Value]]


@dataclass(frozen=True, slots=True)
class Unpinned(Unknown):
    """A dentry that nobody holds: a binding that tells no value, and decides no branch."""


@dataclass(slots=True)
class Flow:
    """The facts of one graph under one set of bindings; every answer is remembered."""

    graph: Graph
    bindings: Bindings
    guards: Mapping[str, Value]
    words: SleepWords
    _spoilt: dict[str, frozenset[int]] = field(default_factory=dict)
    _locals: dict[str, Value] = field(default_factory=dict)
    _dropped: frozenset[int] = frozenset()
    _retaken: tuple[int, ...] = ()
    _reached: frozenset[int] = frozenset()
    _numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = {id(node): number for number, node in enumerate(self.graph.nodes)}
        self._spoilt = {name: frozenset() for name, _ in self.bindings}
        self._dropped, self._retaken = self._drops()
        while True:  # an assignment spoils a binding only where the other bindings let it be reached
            self._locals = self._single_assignments()
            self._reached = self._plainly_reached()
            spoilt = {name: self._behind_assignments(name) for name, _ in self.bindings}
            if spoilt == self._spoilt:
                break
            self._spoilt = spoilt

    def known(self, number: int) -> Known:
        """What is known of names at a node."""
        found: dict[str, Value] = {**self.guards, **self._locals}
        found.update({name: value for name, value in self.bindings if number not in self._spoilt[name]})
        return found

    def refused(self, node: Node, label: str) -> bool:
        """Whether a branch cannot be taken."""
        if node.kind == "condition":
            found = truth(evaluate(node.text, self._at(node)))
            return found is not None and label != ("true" if found else "false")
        if node.kind == "switch":
            return self._case_refused(node, label)
        return False

    def may_reach(self, number: int) -> bool:
        """Whether a node can be reached at all while the caller's lock is held, values on the way not counted."""
        return number in self._reached

    def path(self, number: int, gfp: str = "") -> Path | NoPath:
        """A feasible way to a node with the caller's lock held; with `gfp`, the name of a variable, only one on which it
        holds a mask that lets an allocation sleep."""

        def sleeps(facts: Iterable[tuple[str, int, str]]) -> bool:
            return not gfp or any(
                name == gfp and gfp_sleeps(evaluate(constant, {})) for name, _, constant in facts if constant
            )

        best: Path | NoPath = NoPath(exhausted=True)
        for start in (0, *self._retaken):
            found = find_path(self.graph, number, self._dropped, start=start, refused=self.refused, accept=sleeps)
            if isinstance(found, Path):
                return found
            if not found.exhausted:
                best = found
        return best

    # How it is worked out.

    def _at(self, node: Node) -> Known:
        return self.known(self._numbers[id(node)])

    def _case_refused(self, node: Node, label: str) -> bool:
        value = evaluate(node.text, self._at(node))
        if not isinstance(value, Number) and not (hasattr(value, "exact") and value.exact):
            return False
        labels = [other for _, other in node.successors]
        equal = {
            other: truth(evaluate(f"({node.text}) == {other}", self._at(node)))
            for other in labels
            if _CASE.match(other)
        }
        if label == "default":
            return any(equal.values())
        return equal.get(label) is False

    def _behind_assignments(self, name: str) -> frozenset[int]:
        """Nodes behind an assignment to a name (or behind a call that gets its address)."""
        starts = [
            number
            for number, node in enumerate(self.graph.nodes)
            if number in self._reached
            and (
                any(a.left == name for a in node.assignments)
                or any(f"&{name}" in call.arguments for call in node.calls)
            )
        ]
        return self.graph.behind(starts)

    def _single_assignments(self) -> dict[str, Value]:
        """Local names that are assigned once, with what is known of the value."""
        count: dict[str, int] = {}
        for assignment in self.graph.assignments():
            count[assignment.left] = count.get(assignment.left, 0) + 1
        parameters = {parameter.name for parameter in self.graph.parameters}
        taken = {argument[1:] for call in self.graph.calls() for argument in call.arguments if argument.startswith("&")}
        found: dict[str, Value] = {}
        for number, node in enumerate(self.graph.nodes):
            for a in node.assignments:
                if (
                    count[a.left] == 1
                    and a.operator == "="
                    and a.left not in parameters | taken
                    and _NAME.fullmatch(a.left)
                ):
                    known = {
                        **self.guards,
                        **found,
                        **{n: v for n, v in self.bindings if number not in self._spoilt[n]},
                    }
                    value = evaluate(a.right, known)
                    if not isinstance(value, Unknown) and (a.declares or not isinstance(value, Number)):
                        found[a.left] = value
        return found

    def _drops(self) -> tuple[frozenset[int], tuple[int, ...]]:
        """Nodes that release a spinlock which the function does not hold by then, and nodes that take it again."""
        takes: dict[str, set[int]] = {}
        releases: dict[str, set[int]] = {}
        for number, node in enumerate(self.graph.nodes):
            for call in node.calls:
                if call.arguments and call.callee in self.words.spins:
                    takes.setdefault(call.arguments[0], set()).add(number)
                elif call.arguments and call.callee in self.words.releases:
                    releases.setdefault(call.arguments[0], set()).add(number)
        dropped: set[int] = set()
        again: set[int] = set()
        for lock, numbers in releases.items():
            without = self.graph.behind((0,), takes.get(lock, ()))
            given_up = {number for number in numbers if number in without and number not in takes.get(lock, ())}
            dropped |= given_up
            again |= takes.get(lock, set()) & self.graph.behind(given_up) if given_up else set()
        return frozenset(dropped), tuple(sorted(again))

    def _plainly_reached(self) -> frozenset[int]:
        seen = {0, *self._retaken}
        todo = deque(seen)
        while todo:
            number = todo.popleft()
            if number in self._dropped:
                continue
            node = self.graph.nodes[number]
            for successor, label in node.successors:
                if successor not in seen and not self.refused(node, label):
                    seen.add(successor)
                    todo.append(successor)
        return frozenset(seen)


def bind(parameters: Iterable[str], arguments: Iterable[str], known: Known) -> Bindings:
    """What a call tells its callee: parameter -> value, for the arguments of which something is known."""
    found = set()
    for name, argument in zip(parameters, arguments, strict=False):
        value = evaluate(argument, known) if name else UNKNOWN
        if not isinstance(value, Unknown):
            found.add((name, value))
    return frozenset(found)
