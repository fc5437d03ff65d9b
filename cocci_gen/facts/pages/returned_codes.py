"""A call x an error number -> Brings, whether the value of the call may be that error.

Followed is what a function hands back: the constants that come to its returns, and the values of the calls that do.  A constant
argument decides a test of a flag in the callee: who asks for FGP_LOCK alone never hears what is returned under FGP_NOWAIT.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from enum import Enum

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex

#: Calls deep that a value is followed.
_DEPTH = 5
_FEW = 4
_WORD = re.compile(r"[A-Za-z_]\w*")
#: An argument that is made of constants, and a test of one of its flags.
_CONSTANT = re.compile(r"[A-Z0-9_|() ]+")
_FLAG = re.compile(r"\(?(\w+) & \(?([A-Z_][A-Z0-9_]*)\)*")
#: What gives back its argument, or hides it from nobody.
_CASTS = frozenset(
    {"PTR_ERR", "ERR_PTR", "ERR_CAST", "PTR_ERR_OR_ZERO", "IS_ERR", "IS_ERR_OR_NULL", "likely", "unlikely"}
)
#: What others are given, which is no value of the function's own.
_OTHERS = re.compile(rf"\b(?!(?:{'|'.join(sorted(_CASTS))})\b)\w+ ?\([^()]*\)")


class Brings(Enum):
    """Whether a value may be the error number."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


class ReturnedCodes:
    """The answers for one index, each remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self._known: dict[tuple[Definition, tuple[tuple[str, str], ...], str, int], Brings] = {}
        self._entered: set[tuple[Definition, str]] = set()

    def of_call(self, call: Call, path: str, code: str, given: Mapping[str, str], depth: int = _DEPTH) -> Brings:
        """A call in a file, and the constants that its function was given itself -> whether it may return the code."""
        if not call.direct:
            return Brings.PERHAPS
        if call.callee in _CASTS:
            return Brings.NO
        found = self.index.resolve(call.callee, path)[:_FEW]
        if not found or depth == 0:
            return Brings.PERHAPS
        return _most(self._in(one, _passed(self.index.graph(one), call, given), code, depth - 1) for one in found)

    def _in(self, definition: Definition, given: Mapping[str, str], code: str, depth: int) -> Brings:
        key = (definition, tuple(sorted(given.items())), code, depth)
        if key not in self._known:
            graph, entered = self.index.graph(definition), (definition, code)
            if entered in self._entered:
                return Brings.NO  # what a recursion brings, its first round brings too
            if graph is None or not graph.whole:
                return Brings.PERHAPS
            self._entered.add(entered)
            self._known[key] = _most(self._at(graph, definition.path, given, code, depth))
            self._entered.discard(entered)
        return self._known[key]

    def _at(self, graph: Graph, path: str, given: Mapping[str, str], code: str, depth: int) -> Iterator[Brings]:
        names = returned_names(graph)
        written = re.compile(rf"(?<!\w){re.escape(code)}\b")
        kept = {name: text for name, text in given.items() if all(one.left != name for one in graph.assignments())}

        def never(node: Node, label: str) -> bool:
            found = _FLAG.fullmatch(node.text)
            if found is None or found[1] not in given:
                return False
            there = found[2] in given[found[1]].split()
            return there if label == "false" else not there and not _added(graph, found[1], found[2])

        for number, node in enumerate(graph.nodes):
            texts = _values(node, names)
            calls = [
                one for one in node.calls if any(re.search(rf"\b{re.escape(one.callee)} ?\(", text) for text in texts)
            ]
            hit = any(written.search(_OTHERS.sub("", text)) for text in texts)
            if (hit or calls) and isinstance(find_path(graph, number, (), refused=never), Path):
                yield from [Brings.YES] if hit else []
                yield from (self.of_call(one, path, code, kept, depth) for one in calls)


def returned_names(graph: Graph) -> frozenset[str]:
    """The variables of a function whose values come to its returns."""
    texts = [node.returned for node in graph.nodes if node.kind == "return"]
    names = {word for text in texts for word in _WORD.findall(text)}
    before = -1
    while before != len(names):
        before = len(names)
        names |= {word for one in graph.assignments() if one.left in names for word in _WORD.findall(one.right)}
    return frozenset(names)


def _values(node: Node, names: Collection[str]) -> list[str]:
    """The expressions of a node whose value the function may return."""
    assigned = [one.right for one in node.assignments if one.left in names]
    return [*assigned, node.returned] if node.kind == "return" else assigned


def _passed(graph: Graph | None, call: Call, given: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a callee that are given constants and lose none of their flags, each with the flags in it."""
    if graph is None:
        return {}
    changed = {one.left for one in graph.assignments() if one.operator != "|=" or not _CONSTANT.fullmatch(one.right)}
    constants = ((p.name, given.get(text, text)) for p, text in zip(graph.parameters, call.arguments, strict=False))
    return {
        name: " ".join(re.findall(r"\w+", text))
        for name, text in constants
        if name and name not in changed and _CONSTANT.fullmatch(text)
    }


def _added(graph: Graph, name: str, flag: str) -> bool:
    return any(one.left == name and flag in _WORD.findall(one.right) for one in graph.assignments())


def _most(answers: Iterator[Brings]) -> Brings:
    """The surest of some answers; NO where there is none."""
    best = Brings.NO
    for one in answers:
        if one is Brings.YES:
            return one
        best = one if one is Brings.PERHAPS else best
    return best
