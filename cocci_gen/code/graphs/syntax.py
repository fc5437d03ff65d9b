"""A node of the syntax tree of C -> the calls and assignments below it; of a function -> its parameters and its type."""

from __future__ import annotations

import re

import tree_sitter

from cocci_gen.code.graphs.control_flow import Assignment, Call, Parameter
from cocci_gen.code.texts.source import node_text

_REMARK = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)

#: Further places that are set to a constant, and that.
_CHAINED = re.compile(r"(?:[\w.>-]+ = )+(-?\d\w*|-?[A-Z][A-Z0-9_]*|true|false)")


def squeezed(node: tree_sitter.Node) -> str:
    """The source of a node without comments, white space squeezed."""
    return _squeeze(node_text(node))


def _squeeze(text: str) -> str:
    return " ".join((_REMARK.sub(" ", text) if "/" in text else text).split())


def effects_below(node: tree_sitter.Node, first_line: int) -> tuple[tuple[Call, ...], tuple[Assignment, ...]]:
    """The calls and assignments below a node, inner ones first; `first_line` is where the parsed text begins.

    Of a statement expression the effects count so, its control flow does not.
    """
    calls: list[Call] = []
    assignments: list[Assignment] = []
    _collect(node, first_line, calls, assignments)
    return tuple(calls), tuple(assignments)


def _collect(node: tree_sitter.Node, first_line: int, calls: list[Call], assignments: list[Assignment]) -> None:
    for child in node.named_children:
        _collect(child, first_line, calls, assignments)
    if node.type == "call_expression":
        calls.append(_call(node, first_line))
    elif node.type == "assignment_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        assignments.append(
            _assignment(node, first_line, left, right, node_text(operator) if operator else "=", declares=False)
        )
    elif node.type == "init_declarator":
        left, right = node.child_by_field_name("declarator"), node.child_by_field_name("value")
        assignments.append(_assignment(node, first_line, left, right, "=", declares=True))
    elif node.type == "update_expression":
        argument = node.child_by_field_name("argument")
        assignments.append(_assignment(node, first_line, argument, node, "++", declares=False))


def _call(node: tree_sitter.Node, first_line: int) -> Call:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    while function is not None and function.type == "parenthesized_expression" and function.named_children:
        function = function.named_children[0]
    direct = function is not None and function.type == "identifier"
    texts = tuple(
        squeezed(child) for child in (arguments.named_children if arguments else ()) if child.type != "comment"
    )
    return Call(squeezed(function) if function else "", direct, texts, node.start_point[0] + first_line)


def _assignment(
    node: tree_sitter.Node,
    first_line: int,
    left: tree_sitter.Node | None,
    right: tree_sitter.Node | None,
    operator: str,
    *,
    declares: bool,
) -> Assignment:
    target = squeezed(left) if left is not None else ""
    if declares:
        target = target.lstrip("* ").removeprefix("const ").lstrip("* ").split("[")[0]
    text = _value(squeezed(right)) if right is not None else ""
    return Assignment(target, text, operator, declares, node.start_point[0] + first_line)


def _value(right: str) -> str:
    """What is assigned: of `a = b = 0` both are zero."""
    constant = _CHAINED.fullmatch(right)
    return constant[1] if constant else right


def parameters_of(node: tree_sitter.Node) -> tuple[Parameter, ...]:
    """The parameters of a function_definition; none for `(void)`."""
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type != "function_declarator":
        declarator = declarator.child_by_field_name("declarator")
    found = declarator.child_by_field_name("parameters") if declarator is not None else None
    parameters = []
    for child in found.named_children if found is not None else ():
        if child.type not in ("parameter_declaration", "variadic_parameter"):
            continue
        text = squeezed(child)
        match = re.search(r"\(\s*\*\s*(\w+)\s*\)|(\w+)\s*(?:\[[^]]*\]\s*)*$", text)
        named = child.child_by_field_name("declarator") is not None
        name = (match.group(1) or match.group(2) or "") if match and named else ""
        parameters.append(
            Parameter(name, _squeeze(text[: match.start()]) if name and match and match.group(2) else text)
        )
    return tuple(parameters) if [p.type for p in parameters] != ["void"] else ()


def returned_type(node: tree_sitter.Node) -> str:
    """The type that a function_definition returns, without storage class."""
    body = node.child_by_field_name("declarator")
    words = []
    for child in node.children:
        if body is not None and child.start_byte >= body.start_byte:
            break
        if child.type != "storage_class_specifier":
            words.append(node_text(child))
    stars = 0
    while body is not None and body.type == "pointer_declarator":
        stars += 1
        body = body.child_by_field_name("declarator")
    return _squeeze(" ".join(words)) + " " * bool(stars) + "*" * stars
