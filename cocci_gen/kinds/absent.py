"""A step and a pointer -> whether it is NULL, an error, or has got no value yet, on every way to the step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cocci_gen.code.graphs.control_flow import Graph, Node


def is_nothing(graph: Graph, leading: Sequence[Collection[int]], number: int, name: str) -> bool:
    """Whether on every way to a step the last that is known of a local pointer is that it is NULL: it was set so, or a test
    found it so; `leading` are the steps that lead straight to each."""
    return _is_so(graph, leading, number, name, _none_by(name))


def is_no_object(graph: Graph, leading: Sequence[Collection[int]], number: int, name: str) -> bool:
    """Whether on every way to a step the last that is known of a local pointer is that it is NULL or an error."""
    tests = {(f"IS_ERR({name})", "true"), (f"!IS_ERR({name})", "false"), (f"IS_ERR_OR_NULL({name})", "true")}
    return _is_so(graph, leading, number, name, _none_by(name) | tests)


def _none_by(name: str) -> frozenset[tuple[str, str]]:
    """The tests that find NULL under a name, each with the side that says so."""
    return frozenset({(f"!{name}", "true"), (name, "false"), (f"{name} == NULL", "true"), (f"{name} != NULL", "false")})


def _is_so(
    graph: Graph, leading: Sequence[Collection[int]], number: int, name: str, found: Collection[tuple[str, str]]
) -> bool:
    """Whether on every way to a step one of these tests, or NULL, comes last of all that sets the name."""
    seen, todo = {number}, [number]
    while todo:
        at = todo.pop()
        for ahead in leading[at]:
            node = graph.nodes[ahead]
            if _is_emptied(node, name) or _finds(node, at, found):
                continue
            if node.kind == "entry" or sets(node, name):
                return False
            if ahead not in seen:
                seen.add(ahead)
                todo.append(ahead)
    return True


def is_unset(graph: Graph, number: int, name: str) -> bool:
    """Whether no way to a step has given a variable of the function's own a value yet: what it points to is not in hand."""
    if name in {one.name for one in graph.parameters}:
        return False
    setting = [n for n, node in enumerate(graph.nodes) if sets(node, name) and not _is_emptied(node, name)]
    return bool(setting) and number not in graph.behind(setting)


def _is_emptied(node: Node, name: str) -> bool:
    set_here = [one.right for one in node.assignments if one.left == name]
    return bool(set_here) and all(right.rpartition("=")[2].strip() == "NULL" for right in set_here)


def _finds(node: Node, after: int, found: Collection[tuple[str, str]]) -> bool:
    """Whether a step is one of some tests, with the side that leads on."""
    sides = {label for to, label in node.successors if to == after}
    return node.kind == "condition" and all((node.text, side) in found for side in sides)


def sets(node: Node, name: str) -> bool:
    """Whether a step gives a variable a value, or hands out where it is."""
    given = any(text.removeprefix("&") == name != text for call in node.calls for text in call.arguments)
    return given or any(one.left == name for one in node.assignments)
