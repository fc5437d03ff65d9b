"""A wrong constant that a function returns -> FixPlan, the right one in its place.

Only where the constant stands there: in the return, or in the assignments of the variable that is returned.
"""

from __future__ import annotations

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.control_flow import Assignment, Graph
from cocci_gen.code.paths import Path
from cocci_gen.code.ways import way_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.returns.candidates import Candidate, bare_value
from cocci_gen.kinds.returns.codes import Code
from cocci_gen.kinds.suspects import FixPlan


def value_plan(obligation: Obligation, graph: Graph, code: Code, candidate: Candidate) -> FixPlan | NoFix:
    """The right constant in the return, or in every assignment from which the wrong one comes to it."""
    node = graph.nodes[candidate.node]
    if candidate.choice or (not candidate.variable and bare_value(node) != candidate.value):
        return NoFix("the value is a part of an expression")
    context = {
        "mode": "fix",
        "obligation": obligation,
        "function": graph.name,
        "symbols": [candidate.variable] if candidate.variable else [],
        "variable": candidate.variable,
        "wrong": candidate.value,
        "right": code.instead,
    }
    if not candidate.variable:
        return FixPlan(render("returns", obligation.id, context), node.line)
    if any(candidate.value in other.text for other in graph.nodes if other.kind == "condition"):
        return NoFix(f"the function looks for {candidate.value} itself")
    lines = sorted(line for line, number in _sources(graph, candidate) if _comes_through(graph, candidate, number))
    if not lines:
        return NoFix("the value does not come from an assignment of the function")
    return FixPlan(render("returns", obligation.id, context), lines[0], tuple(lines[1:]))


def _sources(graph: Graph, candidate: Candidate) -> list[tuple[int, int]]:
    """Line and node of every assignment of the wrong constant to the variable."""
    return [
        (assignment.line, number)
        for number, node in enumerate(graph.nodes)
        for assignment in node.assignments
        if _gives(assignment, candidate)
    ]


def _gives(assignment: Assignment, candidate: Candidate) -> bool:
    return (assignment.left, assignment.operator, assignment.right) == (candidate.variable, "=", candidate.value)


def _comes_through(graph: Graph, candidate: Candidate, source: int) -> bool:
    """Whether a way leads from the assignment to the return without another assignment."""
    others = {
        number
        for number, node in enumerate(graph.nodes)
        if number != source and any(a.left == candidate.variable for a in node.assignments)
    }
    return isinstance(way_to(graph, candidate.node, frozenset(others), over=source), Path)
