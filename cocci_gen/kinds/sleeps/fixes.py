"""A forbidden call in a method -> the semantic patch that mends it, where that is mechanical.

Two shapes only: the mask of an allocation in the method itself, and the bail-out of rcu-walk before the first statement.
"""

from __future__ import annotations

import re

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.sleeps.sleep_chains import Reach
from cocci_gen.facts.walks.object_paths import walk_words
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.suspects import FixPlan

_MASK = re.compile(r"GFP_(?:KERNEL|NOFS|NOIO)")
#: `struct foo *a, b[4];`: words, then names.
_DECLARATION = re.compile(r"(?:\w+ )+\**\s*\w+(?:\[[^]]*\])?(?:, ?\**\w+(?:\[[^]]*\])?)*;$")
_NO_SYMBOL = frozenset(
    {
        "if",
        "return",
        "sizeof",
        "struct",
        "goto",
        "else",
        "while",
        "for",
        "switch",
        "case",
        "do",
        "unsigned",
        "int",
        "char",
        "long",
        "void",
        "bool",
        "const",
    }
)


def symbols_of(*texts: str) -> list[str]:
    """The lower-case names in C code that spatch would otherwise take for forgotten metavariables."""
    names: set[str] = set()
    for text in texts:
        names |= set(re.findall(r"(?<![\w.>\"])[a-z_]\w*(?![\w(])", re.sub(r'"[^"]*"|struct \w+', "", text)))
    return sorted(names - _NO_SYMBOL)


def atomic_plan(obligation: Obligation, graph: Graph, reach: Reach) -> FixPlan | NoFix:
    """GFP_ATOMIC in place of a literal mask of an allocation whose failure the method notices."""
    call = reach.call
    masks = [argument for argument in call.arguments if _MASK.fullmatch(argument)]
    if len(reach.chain.links) > 1 or len(masks) != 1 or call.arguments[-1] != masks[0] or len(call.arguments) < 2:
        return NoFix("no plain allocation of the method itself: where to move the sleep is for a person to see")
    if not _failure_seen(graph, graph.nodes[reach.node]):
        return NoFix("the method does not look whether the allocation failed, and GFP_ATOMIC fails more often")
    context = {
        "mode": "fix",
        "obligation": obligation,
        "function": graph.name,
        "symbols": [],
        "callee": call.callee,
        "mask": masks[0],
        "atomic": "GFP_ATOMIC",
    }
    return FixPlan(render("never_sleeps", obligation.id, context), call.line)


def _failure_seen(graph: Graph, node: Node) -> bool:
    """Whether what the allocation gives is tested somewhere, or returned to a caller that must test it."""
    if node.kind in ("condition", "return"):
        return True
    places = [assignment.left for assignment in node.assignments]
    tests = [other.text for other in graph.nodes if other.kind == "condition"]
    return any(re.search(rf"(?<![\w.>]){re.escape(place)}(?!\w)", test) for place in places for test in tests)


def bail_out_plan(obligation: Obligation, graph: Graph, reach: Reach, bail_out: str) -> FixPlan | NoFix:
    """The bail-out before the first statement; none where a declaration already does what rcu-walk forbids."""
    node = graph.nodes[reach.node]
    if any(assignment.declares for assignment in node.assignments):
        return NoFix("the call is the initialiser of a declaration, which no bail-out can precede")
    condition = bail_out.partition("if (")[2].partition(")\n")[0]
    if why := _refused(graph, reach, condition):
        return NoFix(why)
    first = _first_statement(graph)
    if first is None:
        return NoFix("the first statement of the method is no plain one to put the bail-out before")
    pattern = _statement_pattern(first)
    if pattern == "":
        return NoFix("the first statement of the method is no plain one to put the bail-out before")
    context = {
        "mode": "fix",
        "obligation": obligation,
        "function": graph.name,
        "symbols": symbols_of(pattern, bail_out),
        "first": pattern,
        "condition": condition,
        "inserts": bail_out.split("\n"),
        "late": late[0].text if (late := _late(graph, condition, bail_out)) else "",
    }
    return FixPlan(render("rcu_walk", obligation.id, context), first.line, tuple(node.line for node in late))


def _refused(graph: Graph, reach: Reach, condition: str) -> str:
    """Why a bail-out at the top is not what is meant; "" where nothing speaks against it."""
    keeping = [one.name for one in graph.parameters if one.type in walk_words().left_in]
    for node in graph.nodes:
        for call in node.calls if any(one.declares for one in node.assignments) else ():
            if kept := [name for name in keeping if name in call.arguments]:
                return f"{call.callee}() may leave something in {kept[0]} before any statement, which a bail-out would lose"
    words = set(re.findall(r"[a-z_]\w*", condition))
    if "!" not in condition and len(reach.chain.links) > 1 and words & set(reach.call.arguments):
        return f"{reach.call.callee}() is told of the walk itself, and where it is to leave is for a person to see"
    return ""


def _late(graph: Graph, condition: str, bail_out: str) -> tuple[Node, ...]:
    """The return of the same bail-out, where it comes too late, and its test: it would never be taken any more."""
    for node in graph.nodes:
        behind = [graph.nodes[number] for number, label in node.successors if label == "true"]
        asked = node.kind == "condition" and _same(node.text, condition) and len(node.successors) == 2
        if asked and behind and behind[0].kind == "return" and bail_out.endswith(behind[0].text):
            return behind[0], node
    return ()


def _same(one: str, other: str) -> bool:
    return re.sub(r"[\s()]", "", one) == re.sub(r"[\s()]", "", other)


def _first_statement(graph: Graph) -> Node | None:
    """The first node that is no declaration; None where declarations reach an address of what may be NULL."""
    number = graph.nodes[0].successors[0][0] if graph.nodes[0].successors else 1
    while number != 1:
        node = graph.nodes[number]
        if not _declares(node):
            return node
        number = node.successors[0][0] if node.successors else 1
    return None


def _declares(node: Node) -> bool:
    if node.kind != "statement":
        return False
    if any(assignment.declares for assignment in node.assignments):
        return True
    return _DECLARATION.match(node.text) is not None and not node.text.startswith(("return ", "goto "))


def _statement_pattern(node: Node) -> str:
    """SmPL for a statement: as written, or an `if` by its first test."""
    if (
        node.kind in ("statement", "return")
        and node.text.endswith(";")
        and "{" not in node.text
        and '"' not in node.text
    ):
        return node.text
    if node.kind == "condition" and not re.search(r'[{}"]', node.text):
        return f"if (<+... {node.text} ...+>) S"
    return ""
