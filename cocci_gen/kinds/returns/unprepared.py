"""The folder of a ->page_mkwrite -> what writeback does with a page that the method has not prepared.

A reviewer asks what comes of a page that is dirtied behind the file system's back.  The answer stands in ->writepages of the same
folder, where it looks for the private data that the method attaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.calls.reach import Reached, Sought, call_reach
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.page_words import page_words

_WORD = re.compile(r"[A-Za-z_]\w*")
_ASKED = re.compile(r"(\w+) ?\(\w+\)")
#: What is called for a value, or the member of that name.
_GIVEN = re.compile(r"(?:\([\w *]+\) ?)?(?:(\w+) ?\([\w>.-]+\)|\w+->private)")
#: Calls deep that the functions of ->writepages are looked at, and that private data is looked for.
_DEEP, _DEEPER = 4, 6
#: Nodes that are followed behind a branch.
_NEAR = 6
_GIVES_UP = frozenset({"-EINTR", "-ERESTARTSYS"})


def at_writeback(path: str, left_out: Sequence[str], index: KernelIndex) -> tuple[Step, ...]:
    """The file of the method, and the calls that it does not come to -> what writeback does then, in one step; none where they
    attach no private data, or where nothing is seen to look for it."""
    if not any(_reaches(name, path, page_words().attaches, index) for name in left_out):
        return ()
    folder = PurePosixPath(path).parent
    for asks in (_comes_to_bug, _finds_nothing, _goes_by_it):
        for definition, graph in _writing(folder, index):
            if note := asks(definition, graph, index):
                return (Step(definition.path, definition.span.line, note),)
    return ()


def interrupted(callee: str, path: str, index: KernelIndex) -> tuple[Step, ...]:
    """A call whose error is handed on -> the function below it that gives it up for a signal, in one step, and where the data is
    lost then and the error recorded, in another; none for none."""
    folder = PurePosixPath(path).parent
    below = list(_below(index.resolve(callee, path), folder, index))
    for definition, graph in below:
        for node in graph.nodes:
            given = {node.returned} if node.kind == "return" else {one.right for one in node.assignments}
            if given & _GIVES_UP:
                note = f"{callee}() may fail for a signal, as {definition.name}() does with {min(given & _GIVES_UP)}"
                return (Step(definition.path, node.line, note), *_lost(callee, below))
    return ()


def _lost(callee: str, below: Sequence[tuple[Definition, Graph]]) -> tuple[Step, ...]:
    """The step that tells that what a call cannot write is lost, and the error recorded; none where that is not so."""
    words = page_words()
    names = {call.callee for _, graph in below for call in graph.calls()}
    if not names & words.cleared or names & words.redirties:
        return ()
    note = f"{callee}() loses what it cannot write, and records the error in the mapping"
    lines = ((one, call.line) for one, graph in below for call in graph.calls() if call.callee in words.recorded)
    return tuple(Step(one.path, line, note) for one, line in islice(lines, 1))


def _writing(folder: PurePosixPath, index: KernelIndex) -> Iterator[tuple[Definition, Graph]]:
    """The functions of a folder that write its pages back: what ->writepages calls, and what it has called for each page."""
    entries = [entry for method in ("writepages", "writepage") for entry in index.entries(method)]
    here = [entry for entry in entries if PurePosixPath(entry.path).parent == folder]
    yield from _below([one for entry in here for one in index.resolve(entry.function, entry.path)], folder, index)


def _below(
    starts: Sequence[Definition], folder: PurePosixPath, index: KernelIndex
) -> Iterator[tuple[Definition, Graph]]:
    """Functions and those that they call or hand on by name, within a folder, the nearest first."""
    todo = [(one, 0) for one in starts]
    seen = set(starts)
    while todo:
        definition, depth = todo.pop(0)
        graph = index.graph(definition)
        if graph is None:
            continue
        yield definition, graph
        names = [name for call in graph.calls() for name in (call.callee, *call.arguments) if _WORD.fullmatch(name)]
        for name in dict.fromkeys(names if depth < _DEEP else ()):
            for one in index.resolve(name, definition.path):
                if one not in seen and PurePosixPath(one.path).parent == folder:
                    seen.add(one)
                    todo.append((one, depth + 1))


def _reaches(name: str, path: str, wanted: frozenset[str], index: KernelIndex) -> bool:
    call = Call(name, True, (), 0)
    return isinstance(call_reach(index).of_call(call, path, Sought(wanted, frozenset(), (), _DEEPER)), Reached)


def _comes_to_bug(definition: Definition, graph: Graph, _index: KernelIndex) -> str:
    """A test for private data behind which there is nothing but BUG()."""
    held = {one.left for one in graph.assignments() if _is_private(one.right)}
    for node in graph.nodes:
        if node.kind != "condition" or not (_asks(node.text) or node.text in held):
            continue
        without = [after for after, label in node.successors if label == "false"]
        near = (graph.nodes[n] for start in without for n in islice(graph.straight(start), _NEAR))
        if any(call.callee == "BUG" for one in near for call in one.calls):
            return f"{definition.name}() comes to BUG() without private data"
    return ""


def _finds_nothing(definition: Definition, graph: Graph, index: KernelIndex) -> str:
    """A call that looks for private data, and success where it finds none."""
    looks = page_words().attached | page_words().asks_attached
    for number, node in enumerate(graph.nodes):
        if node.kind != "condition" or not _WORD.fullmatch(node.text):
            continue
        giver = _giver(graph, number)
        if giver and _reaches(giver, definition.path, looks, index) and _succeeds(graph, number):
            return f"{definition.name}() returns 0 where {giver}() finds no private data"
    return ""


def _giver(graph: Graph, test: int) -> str:
    """The function whose result is tested, right behind the call."""
    name = graph.nodes[test].text
    for node in graph.nodes:
        for one in node.assignments:
            called = re.match(r"([A-Za-z_]\w*) ?\(", one.right)
            if called and one.left == name and any(after == test for after, _ in node.successors):
                return called[1]
    return ""


def _succeeds(graph: Graph, test: int) -> bool:
    """Whether the empty branch of a test comes straight to a return of 0."""
    asked = graph.nodes[test]

    def refused(node: Node, label: str) -> bool:
        return node == asked and label == "true"

    for number, node in enumerate(graph.nodes):
        value = node.returned

        def accept(facts: Facts, value: str = value) -> bool:
            return value == "0" or any(place == value and held == "0" for place, _, held in facts)

        if node.kind != "return":
            continue
        path = find_path(graph, number, (), refused=refused, accept=accept)
        if isinstance(path, Path) and path.decisions and path.decisions[-1].node == test:
            return True
    return False


def _goes_by_it(definition: Definition, graph: Graph, _index: KernelIndex) -> str:
    """Private data that nothing tests, and of which two calls make the ends of what is written: their difference is taken, or
    both are handed on."""
    tested = {node.text for node in graph.nodes if node.kind == "condition"}
    held = {one.left for one in graph.assignments() if _is_private(one.right)} - tested
    ends = {
        one.left
        for node in graph.nodes
        for one in node.assignments
        if any(held & set(call.arguments) and one.right.startswith(f"{call.callee}(") for call in node.calls)
    }
    ranges = (one.right for one in graph.assignments() if re.fullmatch(r"[a-z_]\w* - [a-z_]\w*", one.right))
    handed = (set(call.arguments) & ends for call in graph.calls())
    if any(set(_WORD.findall(text)) <= ends for text in ranges) or any(len(every) > 1 for every in handed):
        return f"{definition.name}() takes from the private data which part to write"
    return ""


def _asks(test: str) -> bool:
    """Whether a test is one of whether there is private data."""
    return (found := _ASKED.fullmatch(test)) is not None and found[1] in page_words().asks_attached


def _is_private(value: str) -> bool:
    """Whether an expression is the private data."""
    found = _GIVEN.fullmatch(value)
    return found is not None and (not found[1] or found[1] in page_words().attached)
