"""A method that rcu-walk calls -> whether a walk can come to it at all, and how it sends one back.

Two things that no forbidden call shows: a file system whose ->d_revalidate sends every walk back never sees one in ->get_link;
and a method that knows of the walk and leaves it by another error than -ECHILD fails the system call in place of repeating it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import Decision, Path
from cocci_gen.code.texts.expressions import evaluate
from cocci_gen.code.texts.values import truth
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.sleep_flow import Bindings, Flow
from cocci_gen.facts.walks.sleep_words import Mode, SleepWords

#: The method that a walk asks about each name before it goes on.
_ASKED = ("dentry_operations", "d_revalidate")
_BACK = "-ECHILD"
#: A variable that is returned, as it is or as a pointer.
_VARIABLE = re.compile(r"(?:ERR_PTR ?\( ?)?([a-z_]\w*)(?: ?\))?")
_CHOICE = re.compile(r"([^?]+?) \? ([^?:]+) : ([^?:]+)")
_ERROR = re.compile(r"(?:ERR_PTR ?\( ?)?(-E[A-Z0-9]+)(?: ?\))?")


@dataclass(frozen=True, slots=True)
class WrongWayOut:
    """A return by which a method leaves rcu-walk with another error: its node, the error, a way there, and whether the test of
    the walk is the last on it (`plain`)."""

    node: int
    error: str
    path: Path
    plain: bool


def sent_back(index: KernelIndex, definition: Definition, words: SleepWords) -> str:
    """The ->d_revalidate of the same file (else of the same folder) that lets no walk pass, "" where there is none, or where
    one of several lets it pass."""
    struct, method = _ASKED
    mode = words.mode(struct, method)
    folder = definition.folder
    entries = [one for one in index.entries_of(method, struct) if one.struct]
    near = [one for one in entries if one.path == definition.path]
    near = near or [one for one in entries if one.folder == folder]
    found = tuple(dict.fromkeys(d for one in near for d in index.resolve(one.function, one.path)))
    if mode is None or not found:
        return ""
    graphs = [index.graph(one) for one in found]
    sends = all(graph is not None and _always_back(graph, words, mode) for graph in graphs)
    return found[0].name if sends else ""


def mode_parameter(graph: Graph, mode: Mode) -> str:
    """The name of the parameter that tells of rcu-walk, "" where the function has none."""
    if mode.always or not -len(graph.parameters) <= mode.parameter < len(graph.parameters):
        return ""
    return graph.parameters[mode.parameter].name


def _always_back(graph: Graph, words: SleepWords, mode: Mode) -> bool:
    """Whether every return that a walk comes to says -ECHILD."""
    parameter = mode_parameter(graph, mode)
    if not parameter:
        return False
    flow = Flow(graph, frozenset({(parameter, mode.value)}), dict(words.atomic), words)
    returns = [node for number, node in enumerate(graph.nodes) if node.kind == "return" and flow.may_reach(number)]
    return bool(returns) and all(node.returned.strip("() ") == _BACK for node in returns)


def wrong_ways_out(
    graph: Graph, bindings: Bindings, words: SleepWords, allowed: frozenset[str]
) -> Iterator[WrongWayOut]:
    """The returns of a constant error other than -ECHILD (and `allowed`) behind a test which says that this is rcu-walk."""
    flow = Flow(graph, bindings, dict(words.atomic), words)
    for number, node in enumerate(graph.nodes):
        text, by_walk = _handed_back(flow, bindings, number) if node.kind == "return" else ("", False)
        match = _ERROR.fullmatch(text)
        if match is None or match.group(1) == _BACK or match.group(1) in allowed or not flow.may_reach(number):
            continue
        path = flow.path(number)
        decisions = path.decisions if isinstance(path, Path) else ()
        tells = [_tells(flow, bindings, one.node) and _decides(graph, one, number) for one in decisions]
        if isinstance(path, Path) and (by_walk or any(tells)):
            yield WrongWayOut(number, match.group(1), path, by_walk or tells[-1])
    yield from _by_a_variable(flow, bindings, allowed)


def _by_a_variable(flow: Flow, bindings: Bindings, allowed: frozenset[str]) -> Iterator[WrongWayOut]:
    """The returns of a variable to which the test of the walk itself leads, with what was put into that before the test."""
    graph = flow.graph
    for number, node in enumerate(graph.nodes):
        if node.kind != "condition" or not flow.may_reach(number) or not _tells(flow, bindings, number):
            continue
        outcome = "true" if truth(evaluate(node.text, flow.known(number))) else "false"
        path = flow.path(number)
        begin = next((after for after, label in node.successors if label == outcome), None)
        if not isinstance(path, Path) or begin is None:
            continue
        straight = tuple(graph.straight(begin))
        value = _VARIABLE.fullmatch(graph.nodes[straight[-1]].returned.strip())
        error = _last_put((*path.nodes, *straight), value[1], graph) if value is not None else ""
        if error.startswith("-E") and error != _BACK and error not in allowed:
            whole = Path((*path.nodes, *straight), (*path.decisions, Decision(number, outcome)))
            yield WrongWayOut(straight[-1], error, whole, plain=True)


def _last_put(nodes: tuple[int, ...], variable: str, graph: Graph) -> str:
    """What a way puts last into a variable."""
    every = [one.right for number in nodes for one in graph.nodes[number].assignments if one.left == variable]
    return every[-1].strip("() ") if every else ""


def _decides(graph: Graph, decision: Decision, target: int) -> bool:
    """Whether the other outcome of a test leads nowhere near a node."""
    others = [after for after, label in graph.nodes[decision.node].successors if label != decision.label]
    return target not in others and target not in graph.behind(others)


def _tells(flow: Flow, bindings: Bindings, number: int) -> bool:
    """Whether a test asks for the walk alone: it names what tells of it, and what it gives is known."""
    text = flow.graph.nodes[number].text
    return _asks(bindings, text) and truth(evaluate(text, flow.known(number))) is not None


def _asks(bindings: Bindings, text: str) -> bool:
    """Whether a test names what tells of the walk."""
    return any(re.search(rf"(?<![\w>.]){re.escape(name)}(?!\w|->)", text) for name, _ in bindings)


def _handed_back(flow: Flow, bindings: Bindings, number: int) -> tuple[str, bool]:
    """What a return hands back to the walk, and whether it has asked for that: `dentry ? ERR_PTR(-ENOMEM) : ERR_PTR(-ECHILD)`."""
    text = flow.graph.nodes[number].returned.strip()
    choice = _CHOICE.fullmatch(text)
    chosen = truth(evaluate(choice[1], flow.known(number))) if choice and _asks(bindings, choice[1]) else None
    if choice is None or chosen is None:
        return text, False
    return choice[2 if chosen else 3].strip(), True
