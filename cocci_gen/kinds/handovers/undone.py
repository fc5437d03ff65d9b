"""A failing ->mount -> what it must undo itself before it gives the super block up.

What a mount has done before it takes the super block, ->kill_sb undoes when that is given up: but not always.  The exit for a
super block that could not be had shows what is to be undone; where ->kill_sb leaves it out for this failure, it is owed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.handovers.over import good_label
from cocci_gen.kinds.handovers.takings import Taking

_WORD = re.compile(r"[A-Za-z_]\w*")
_EXIT = 1
#: Calls that undo nothing, or give back something of the function itself, whatever ->kill_sb gives back under that name.
_IDLE = re.compile(r"ERR_|PTR_ERR|IS_ERR|print|_(?:err|warn|info|debug|dbg)$|free|put$|^put_|unlock|^up_|release$")


@dataclass(frozen=True, slots=True)
class Undoing:
    """A call that is owed before the super block is given up, and the ->kill_sb that leaves it out."""

    call: Call
    killing: str

    @property
    def statement(self) -> str:
        """The call as it is written."""
        return f"{self.call.text};"

    @property
    def says(self) -> str:
        """Why it is owed, as the note of a step."""
        return f"{self.killing}() does not call {self.call.callee}() then, which the exit without a super block calls"


def killing_graph(registered: Iterable[Registration], index: KernelIndex) -> Graph | None:
    """The ->kill_sb of the file system type that a mount is registered in; None where it is not known."""
    tables = {(one.file, one.variable) for one in registered}
    entries = [entry for entry in index.entries("kill_sb") if (entry.path, entry.variable) in tables]
    found = {definition for entry in entries for definition in index.resolve(entry.function, entry.path)}
    return index.graph(next(iter(found))) if len(found) == 1 else None


def left_undone(graph: Graph, taking: Taking, path: Path, killing: Graph | None) -> tuple[Undoing, ...]:
    """The calls of the exit without the thing that neither a failing way nor, for what failed there, ->kill_sb makes."""
    if killing is None or not killing.parameters or taking.node not in path.nodes:
        return ()
    way = path.nodes[path.nodes.index(taking.node) + 1 :]
    made = {call.callee for number in way for call in graph.nodes[number].calls}
    set_since = {_base(one.left) for number in way for one in graph.nodes[number].assignments}
    truths = dict(_truths(graph, taking, path, killing.parameters[0].name))
    return tuple(
        Undoing(call, killing.name)
        for call in _without(graph, taking)
        if call.callee not in made
        and not {_base(text) for text in call.arguments} & set_since
        and _leaves_out(killing, call.callee, truths)
    )


def _base(place: str) -> str:
    found = _WORD.search(place)
    return found[0] if found else ""


def _truths(graph: Graph, taking: Taking, path: Path, name: str) -> Iterator[tuple[str, str]]:
    """What the way has found out about the thing, in the words of a function that calls it by another name."""
    own = re.compile(rf"\b{re.escape(taking.name)}\b")
    for decision in path.decisions:
        text = graph.nodes[decision.node].text
        if own.search(text):
            yield own.sub(name, text), decision.label


def _without(graph: Graph, taking: Taking) -> Iterator[Call]:
    """What is called where the thing could not be had, before that way meets others."""
    for node in graph.nodes:
        good = good_label(node, taking.name) if node.kind == "condition" else ""
        for after, label in node.successors if good else ():
            if label != good:
                yield from _undoing(graph.nodes[number] for number in graph.straight(after))


def _undoing(nodes: Iterable[Node]) -> Iterator[Call]:
    """The calls of the statements before a jump or a choice that may undo something."""
    words = call_vocabulary()

    def goes_on(node: Node) -> bool:
        return node.kind == "statement" and len(node.successors) == 1 and not node.text.startswith("goto ")

    for node in takewhile(goes_on, nodes):
        yield from (
            one for one in node.calls if one.direct and not (words.is_neutral(one.callee) or _IDLE.search(one.callee))
        )


def _leaves_out(killing: Graph, callee: str, truths: Mapping[str, str]) -> bool:
    """Whether the function makes a call, and does not make it when the given tests come out as they are given."""
    makes = {number for number, node in enumerate(killing.nodes) if any(one.callee == callee for one in node.calls)}

    def refused(node: Node, label: str) -> bool:
        return node.kind == "condition" and truths.get(node.text, label) != label

    around = find_path(killing, _EXIT, makes, refused=refused)
    decided = isinstance(around, Path) and any(killing.nodes[one.node].text in truths for one in around.decisions)
    return bool(makes) and decided
