"""The nodes of a graph while they are made: each is joined to what comes behind it once that is there."""

from __future__ import annotations

from dataclasses import dataclass, field

import tree_sitter

from cocci_gen.code.graphs.control_flow import Assignment, Call, Node
from cocci_gen.code.graphs.syntax import effects_below, squeezed

#: Ends that the next node is joined to: the number of a node, and the label of the branch that leads on.
Loose = list[tuple[int, str]]

ENTRY, EXIT = 0, 1

#: Calls that give away what a variable with `__free()` holds, and leave NULL in it.
_GIVES_AWAY = frozenset({"no_free_ptr", "return_ptr", "retain_and_null_ptr", "take_fd"})


def _given_away(calls: tuple[Call, ...]) -> tuple[Assignment, ...]:
    """The assignments that calls make which give a variable away."""
    return tuple(
        Assignment(call.arguments[0], "NULL", "=", False, call.line)
        for call in calls
        if call.callee in _GIVES_AWAY and len(call.arguments) == 1
    )


@dataclass(slots=True)
class Draft:
    """A node that is still being joined to its successors."""

    kind: str
    line: int
    text: str
    calls: tuple[Call, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    successors: Loose = field(default_factory=list)


class Drafts:
    """The nodes of one function so far, the entry and the exit first; `first_line` is where its text begins in the file, and
    `gives_away` says that variables of its own are released at the end of their scopes, unless they are given away."""

    def __init__(self, first_line: int, *, gives_away: bool) -> None:
        self.first_line = first_line
        self._gives_away = gives_away
        self._nodes = [Draft("entry", first_line, ""), Draft("exit", first_line, "")]
        self._gotos: list[tuple[int, str]] = []
        self.labels: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, number: int) -> Draft:
        return self._nodes[number]

    def line(self, node: tree_sitter.Node) -> int:
        """The line of the file in which a piece of the function begins."""
        return node.start_point[0] + self.first_line

    def add(self, kind: str, node: tree_sitter.Node, loose: Loose) -> int:
        """A node for a piece of the function, with all that it does; its number."""
        calls, assignments = effects_below(node, self.first_line)
        given = _given_away(calls) if self._gives_away else ()
        return self.put(Draft(kind, self.line(node), squeezed(node), calls, assignments + given), loose)

    def add_value(self, node: tree_sitter.Node, loose: Loose) -> Loose:
        """A node for what a return does before it returns, where it does anything."""
        calls, assignments = effects_below(node, self.first_line)
        if not calls and not assignments:
            return loose
        text = squeezed(node).removeprefix("return").strip(" ;")
        effects = (*assignments, *_given_away(calls))
        return [(self.put(Draft("statement", self.line(node), text, calls, effects), loose), "")]

    def put(self, draft: Draft, loose: Loose) -> int:
        """A node more, behind these ends; its number."""
        number = len(self._nodes)
        self._nodes.append(draft)
        self.join(loose, number)
        return number

    def join(self, loose: Loose, number: int) -> None:
        """Lead these ends to a node."""
        for source, label in loose:
            self._nodes[source].successors.append((number, label))

    def leave(self, number: int) -> None:
        """Lead a node out of the function."""
        self._nodes[number].successors.append((EXIT, ""))

    def jump(self, number: int, label: str) -> None:
        """Lead a node to a label, which may be still to come."""
        self._gotos.append((number, label))

    def finish(self, loose: Loose, last_line: int) -> tuple[Node, ...]:
        """All nodes, the jumps joined to their labels, and ends that are left to a return in the last line."""
        for number, label in self._gotos:
            if label in self.labels:
                self.join([(number, "")], self.labels[label])
        if loose:
            self.leave(self.put(Draft("return", last_line, ""), loose))
        return tuple(
            Node(one.kind, one.line, one.text, one.calls, one.assignments, tuple(dict.fromkeys(one.successors)))
            for one in self._nodes
        )
