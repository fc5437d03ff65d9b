"""A Graph and a Code -> Candidate, each return that may hand back a wrong value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.kinds.returns.codes import ZERO, Code

_NAME = re.compile(r"[A-Za-z_]\w*")
#: One constant, or several joined with `|`.
_CONSTANT = re.compile(r"-?\d+|-E[A-Z0-9]+|[A-Z][A-Z0-9_]+(?: ?\| ?[A-Z][A-Z0-9_]+)*|true|false")
#: What is known of a variable that some test has told to be an error number, whichever.
NEGATIVE = "negative"
_ERROR_POINTER = re.compile(r"ERR_PTR ?\((.*)\)")
_BELOW = re.compile(r"(\w+) < 0")
#: `(vm_fault_t)`, `(__force unsigned int)`: what stands before a constant and does not change it.
_CAST = re.compile(r"\((?P<type>[A-Za-z_]\w*(?: [A-Za-z_]\w*)*)(?: ?\*+)?\) ?(?=[\w(-])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A return that may hand back a wrong value: the constant, the variable that holds it ("" when none does), the condition
    node that must have been taken with its label (`after`), and whether the value is one of several (`choice`)."""

    node: int
    value: str
    variable: str
    after: tuple[tuple[int, str], ...]
    choice: bool


def bare_value(node: Node) -> str:
    """What a return hands back, without casts and without brackets around the whole."""
    return uncast(node.returned)


def uncast(text: str) -> str:
    """An expression without the casts before it and the brackets around it."""
    value = text.strip()
    while True:
        before = value
        if value.startswith("(") and value.endswith(")") and value.count("(") == value.count(")") == 1:
            value = value[1:-1].strip()
        elif (cast := _CAST.match(value)) and not cast["type"].isupper():
            value = value[cast.end() :].strip()
        if value == before:
            return value


def cast_types(text: str) -> frozenset[str]:
    """The types of the casts in a statement that C does not know by itself."""
    types = {word for cast in _CAST.finditer(text) for word in cast["type"].split()}
    return frozenset(word for word in types if word.endswith("_t"))


def plain(graph: Graph) -> Graph:
    """The graph with what is assigned freed of casts, so that a search sees the constants."""
    if not any(a.right.startswith("(") for a in graph.assignments()):
        return graph
    nodes = (
        replace(node, assignments=tuple(replace(a, right=uncast(a.right)) for a in node.assignments))
        for node in graph.nodes
    )
    return replace(graph, nodes=tuple(nodes))


def candidates(code: Code, graph: Graph) -> Iterator[Candidate]:
    """Every such return, each wrong value once."""
    branches = tuple(
        (number, label)
        for number, node in enumerate(graph.nodes)
        for text, label in code.tested
        if node.kind == "condition" and text.fullmatch(node.text)
    )
    if code.tested and not branches:
        return
    assigned = assigned_constants(graph)
    tests = (_BELOW.fullmatch(node.text) for node in graph.nodes if node.kind == "condition")
    asked = {found[1] for found in tests if found}
    for number, node in enumerate(graph.nodes):
        if node.kind != "return" or not node.text:
            continue
        value = bare_value(node)
        pointer = _ERROR_POINTER.fullmatch(value)
        if pointer and not code.is_wrong("0"):
            continue
        parts = re.fullmatch(r"[^?]+\?(.+):(.+)", value)
        for part in parts.groups() if parts else (pointer.group(1) if pointer else value,):
            for value_of, variable in _values(code, uncast(part), assigned):
                yield Candidate(number, value_of, variable, branches, bool(parts))
            if uncast(part) in asked and code.is_wrong("-EIO") and code.is_wrong("-1"):
                yield Candidate(number, NEGATIVE, uncast(part), branches, bool(parts))


def _values(code: Code, part: str, assigned: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Wrong values that an expression may have, each with the variable that holds it."""
    if part == "NULL" or _CONSTANT.fullmatch(part):
        if code.is_wrong(part):
            yield part, ""
    elif _NAME.fullmatch(part):
        wrong = [constant for constant in assigned.get(part, ()) if code.is_wrong(constant)]
        yield from ((constant, part) for constant in wrong)
        if code.is_wrong("0") and not any(constant in ZERO for constant in wrong):
            yield "0", part


def assigned_constants(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Name -> the constants that are assigned to it somewhere."""
    found: dict[str, tuple[str, ...]] = {}
    for assignment in graph.assignments():
        right = uncast(assignment.right)
        if assignment.operator == "=" and (right == "NULL" or _CONSTANT.fullmatch(right)):
            found[assignment.left] = tuple(dict.fromkeys((*found.get(assignment.left, ()), right)))
    return found
