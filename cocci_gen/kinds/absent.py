"""A step and a pointer -> whether it is NULL on every way to the step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cocci_gen.code.control_flow import Graph, Node


def is_nothing(graph: Graph, leading: Sequence[Collection[int]], number: int, name: str) -> bool:
    """Whether on every way to a step the last that is known of a local pointer is that it is NULL: it was set so, or a test
    found it so; `leading` are the steps that lead straight to each."""
    seen, todo = {number}, [number]
    while todo:
        at = todo.pop()
        for ahead in leading[at]:
            node = graph.nodes[ahead]
            if _is_made_nothing(node, at, name):
                continue
            if node.kind == "entry" or _is_set(node, name):
                return False
            if ahead not in seen:
                seen.add(ahead)
                todo.append(ahead)
    return True


def _is_made_nothing(node: Node, after: int, name: str) -> bool:
    """Whether a step sets the pointer to NULL, or is a test whose side that leads on has found it so."""
    if set_here := [one.right for one in node.assignments if one.left == name]:
        return all(right.rpartition("=")[2].strip() == "NULL" for right in set_here)
    sides = {label for to, label in node.successors if to == after}
    found = {(f"!{name}", "true"), (name, "false"), (f"{name} == NULL", "true"), (f"{name} != NULL", "false")}
    return node.kind == "condition" and all((node.text, side) in found for side in sides)


def _is_set(node: Node, name: str) -> bool:
    """Whether a step gives it a value that is not known, or hands out where it is."""
    given = any(text.removeprefix("&") == name != text for call in node.calls for text in call.arguments)
    return given or any(one.left == name for one in node.assignments)
