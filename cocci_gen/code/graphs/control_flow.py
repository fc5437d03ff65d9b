"""Graph, the control flow of one C function: which node follows which, and what each calls and assigns.

Conditions are taken apart at `&&`, `||` and `!`, so that every branch has one test; `#else` branches are left out.  flow_builder
makes it from the text of a function.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

#: Part of every cache key: bump it when a Graph changes its meaning.
FLOW = 12
_STARS = re.compile(r"(?<=\w) ?\*[ *]*")
#: What stands in round brackets that have none inside.
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `callee` is the name or, for a call through a pointer, the expression; `arguments` as written."""

    callee: str
    direct: bool
    arguments: tuple[str, ...]
    line: int

    @property
    def text(self) -> str:
        """The call as C."""
        return f"{self.callee}({', '.join(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`left op right`; an initialiser counts as "=" with `declares`."""

    left: str
    right: str
    operator: str
    declares: bool
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """One step: `kind` is entry, statement, condition, switch, return or exit.

    `successors` are (node number, label); the label is "true"/"false" after a condition, the case values or "default"
    after a switch, "" elsewhere.  `line` is 1-based in the file.
    """

    kind: str
    line: int
    text: str
    calls: tuple[Call, ...]
    assignments: tuple[Assignment, ...]
    successors: tuple[tuple[int, str], ...]

    @property
    def returned(self) -> str:
        """What a return hands back, without brackets around all of it; "" for a bare one and for the end of the function."""
        return unbracketed(self.text.removeprefix("return").strip(" ;"))

    def tested(self, name: str = "") -> str:
        """What a test asks, `(bh = f()) != NULL` told by the name that it sets; with `name` only of this one."""
        text = self.text
        for one in self.assignments:
            if name in ("", one.left):
                text = text.replace(f"({one.left} = {one.right})", one.left)
                text = one.left if text == f"{one.left} = {one.right}" else text
        return text


def unbracketed(text: str) -> str:
    """An expression without the brackets around all of it."""
    while text.startswith("(") and encloses(text):
        text = text[1:-1].strip()
    return text


def encloses(text: str) -> bool:
    """Whether the bracket that a text begins with is closed by the one that it ends with."""
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return position == len(text) - 1
    return False


def without_brackets(text: str) -> str:
    """A text without what stands in round brackets, however deep."""
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name ("" where it has none) and the type as written, white space squeezed and one space before its
    stars: `struct page* page` is a `struct page *` too."""

    name: str
    type: str

    def __post_init__(self) -> None:
        """Give the stars their place, also in what was kept before."""
        if "*" in self.type:
            object.__setattr__(self, "type", _STARS.sub(lambda found: " " + found[0].replace(" ", ""), self.type))


@dataclass(frozen=True, slots=True)
class Graph:
    """The control flow of one function; node 0 is the entry, node 1 the exit.  `whole` is False when a part of the
    function did not parse: what such a graph does not show proves nothing."""

    name: str
    returns: str
    parameters: tuple[Parameter, ...]
    nodes: tuple[Node, ...]
    labels: tuple[tuple[str, int], ...]
    whole: bool

    def calls(self) -> tuple[Call, ...]:
        """All calls, in the order of the nodes."""
        return tuple(call for node in self.nodes for call in node.calls)

    def assignments(self) -> tuple[Assignment, ...]:
        """All assignments, in the order of the nodes."""
        return tuple(assignment for node in self.nodes for assignment in node.assignments)

    def behind(
        self, starts: Iterable[int], blocked: Collection[int] = (), barred: Collection[tuple[int, str]] = ()
    ) -> frozenset[int]:
        """The nodes that a way from one of `starts` comes to, whatever its branches say; no way goes on behind a node of
        `blocked`, though it comes there, nor by a branch of `barred`, (node, label). A start is among them only when a way leads
        back to it."""
        seen: set[int] = set()
        todo = list(starts)
        while todo:
            at = todo.pop()
            for number, label in self.nodes[at].successors:
                if number not in seen and not (barred and (at, label) in barred):
                    seen.add(number)
                    if number not in blocked:
                        todo.append(number)
        return frozenset(seen)

    def straight(self, start: int) -> Iterator[int]:
        """The nodes from `start` on, up to and with the first from which ways part, that ends them, or that leads round again."""
        seen: set[int] = set()
        number = start
        while number not in seen:
            seen.add(number)
            yield number
            node = self.nodes[number]
            if node.kind == "statement" and len(node.successors) == 1:
                number = node.successors[0][0]

    def ahead_of(self, number: int) -> tuple[int, ...]:
        """The nodes from which a branch leads straight to one, in order."""
        return tuple(at for at, node in enumerate(self.nodes) if any(after == number for after, _ in node.successors))

    def right_ahead(self, number: int) -> Iterator[int]:
        """The statements right ahead of a node, to each of which the next leads alone, the last one first."""
        while len(every := self.ahead_of(number)) == 1 and self.nodes[every[0]].kind == "statement":
            number = every[0]
            yield number

    def before(self, ends: Iterable[int], blocked: Collection[int] = ()) -> frozenset[int]:
        """The nodes from which a way leads to one of `ends`, whatever its branches say; an end as `behind` has a start, and a
        node of `blocked` as that has one: from there a way leads to an end, and over it none."""
        leading: list[list[int]] = [[] for _ in self.nodes]
        for number, node in enumerate(self.nodes):
            for successor, _ in node.successors:
                leading[successor].append(number)
        seen: set[int] = set()
        todo = list(ends)
        while todo:
            for number in leading[todo.pop()]:
                if number not in seen:
                    seen.add(number)
                    if number not in blocked:
                        todo.append(number)
        return frozenset(seen)
