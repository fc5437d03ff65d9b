"""The condition of a branch or a loop -> a node for each test in it, and where each leads."""

from __future__ import annotations

import re

import tree_sitter

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.graphs.drafts import Drafts, Loose
from cocci_gen.code.graphs.syntax import squeezed
from cocci_gen.code.texts.source import node_text
from cocci_gen.code.texts.wrappers import held, wrappers

#: A constant: NULL, a number, an error number.
_CONSTANT = re.compile(r"NULL|-?\d\w*|-E[A-Z0-9]+")
#: Comparison -> the same read from its right side.
_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def condition(drafts: Drafts, node: tree_sitter.Node | None, loose: Loose) -> tuple[Loose, Loose]:
    """The ends on which a condition holds, and those on which it does not; a node for each test of `&&` and `||`."""
    if node is None:
        return loose, []
    named = [child for child in node.named_children if child.type != "comment"]
    if node.type == "parenthesized_expression" and len(named) == 1:
        return condition(drafts, named[0], loose)
    if node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        word = node_text(operator) if operator is not None else ""
        if word in ("&&", "||"):
            return _short_circuit(drafts, node, word, loose)
    if node.type == "unary_expression" and node_text(node).startswith("!"):
        no, yes = condition(drafts, node.child_by_field_name("argument"), loose)
        return yes, no
    if node.type == "call_expression" and (found := _around(drafts, node, loose)) is not None:
        return found
    return _test(drafts, node, loose)


def _around(drafts: Drafts, node: tree_sitter.Node, loose: Loose) -> tuple[Loose, Loose] | None:
    """The same for a macro that hands its argument on, or complains of it."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    inner = arguments.named_children if arguments is not None else []
    name = node_text(function) if function is not None else ""
    if name in wrappers().in_conditions and len(inner) == 1:
        return condition(drafts, inner[0], loose)
    if name in wrappers().warns and inner:
        yes, no = condition(drafts, inner[0], loose)
        _warn(drafts, name, yes)
        return yes, no
    return None


def _warn(drafts: Drafts, name: str, branches: Loose) -> None:
    """A call at each test whose branch is complained of, given what holds there."""
    for number, label in branches:
        draft = drafts[number]
        draft.calls = (*draft.calls, Call(name, True, (held(draft.text, label),), draft.line))


def _short_circuit(drafts: Drafts, node: tree_sitter.Node, word: str, loose: Loose) -> tuple[Loose, Loose]:
    yes, no = condition(drafts, node.child_by_field_name("left"), loose)
    if word == "&&":
        then, otherwise = condition(drafts, node.child_by_field_name("right"), yes)
        return then, no + otherwise
    then, otherwise = condition(drafts, node.child_by_field_name("right"), no)
    return yes + then, otherwise


def _test(drafts: Drafts, node: tree_sitter.Node, loose: Loose) -> tuple[Loose, Loose]:
    constant = squeezed(node)
    number = drafts.add("condition", node, loose)
    drafts[number].text = _turned(node) or drafts[number].text
    if constant in ("1", "true"):
        return [(number, "true")], []
    if constant in ("0", "false"):
        return [], [(number, "false")]
    return [(number, "true")], [(number, "false")]


def _turned(node: tree_sitter.Node) -> str:
    """A comparison that has a constant first, `NULL != box`, with what bears a name first, as it is read everywhere; "" for
    other tests."""
    left, operator, right = (node.child_by_field_name(field) for field in ("left", "operator", "right"))
    if node.type != "binary_expression" or left is None or operator is None or right is None:
        return ""
    one, word, other = squeezed(left), node_text(operator), squeezed(right)
    if word not in _TURNED or not _CONSTANT.fullmatch(one) or _CONSTANT.fullmatch(other):
        return ""
    return f"{other} {_TURNED[word]} {one}"
