"""A wrong constant that a function returns -> FixPlan, the right one in its place.

Only where the constant stands there: in the return, or in the assignments of the variable that is returned.
"""

from __future__ import annotations

import re

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.ways import way_to
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
        "jumps": [],
        "forms": ["returns"],
    }
    if not candidate.variable:
        return FixPlan(render("returns", obligation.id, context), node.line)
    if any(candidate.value in other.text for other in graph.nodes if other.kind == "condition"):
        return NoFix(f"the function looks for {candidate.value} itself")
    sources = sorted(one for one in _sources(graph, candidate) if _comes_through(graph, candidate, one[1]))
    if not sources:
        return NoFix("the value does not come from an assignment of the function")
    lines = [line for line, _ in sources]
    numbers = [number for _, number in sources]
    context["jumps"] = jumps = _superfluous(graph, candidate.variable, code.instead, numbers)
    context["forms"] = _forms(graph, candidate, [n for n in numbers if not (jumps and _jump_behind(graph, n))])
    return FixPlan(render("returns", obligation.id, context), lines[0], tuple(lines[1:]))


def closing_plan(
    obligation: Obligation, graph: Graph, code: Code, candidate: Candidate, pair: tuple[Call, Call]
) -> FixPlan | NoFix:
    """The right constant in a plain return, and ahead of it the call that closes what the way has opened: either alone
    leaves the hunk broken."""
    node, (opening, closing) = graph.nodes[candidate.node], pair
    if candidate.variable or candidate.choice or bare_value(node) != candidate.value:
        return NoFix(f"the way leaves open what {opening.callee}() began, and the value is no plain constant there")
    words = set(re.findall(r"[A-Za-z_]\w*", " ".join(closing.arguments)))
    named = {one.name for one in graph.parameters} | {one.left for one in graph.assignments()}
    context = {
        "mode": "fix",
        "obligation": obligation,
        "function": graph.name,
        "symbols": sorted(named & words),
        "exit": node.text,
        "opening": opening.callee,
        "closing": closing.text,
        "right": code.instead,
        "jumps": [],
        "forms": [],
    }
    return FixPlan(render("returns", obligation.id, context), node.line)


def _forms(graph: Graph, candidate: Candidate, sources: list[int]) -> list[str]:
    """How the wrong constant is put into the variable at these nodes, as the template names it: a rule that would change nothing
    is not written."""
    given = [one for number in sources for one in graph.nodes[number].assignments if _gives(one, candidate)]
    forms = {"declares" if one.declares else "returns" for one in given}
    return [form for form in ("returns", "declares") if form in forms]


def _superfluous(graph: Graph, variable: str, right: str, sources: list[int]) -> list[str]:
    """The jumps before which the assignment can go, as the variable has the right value there already; none unless that is so
    of all assignments in front of a jump."""
    before = {source: _jump_behind(graph, source) for source in sources}
    jumping = {source: jump for source, jump in before.items() if jump}
    if not all(_has_it(graph, variable, right, source) for source in jumping):
        return []
    return list(dict.fromkeys(jumping.values()))


def _jump_behind(graph: Graph, source: int) -> str:
    """The jump right behind a plain assignment that a branch leads to; "" for none."""
    behind = [graph.nodes[after].text for after, _ in graph.nodes[source].successors]
    before = [graph.nodes[ahead] for ahead in graph.ahead_of(source)]
    plain = not any(one.declares for one in graph.nodes[source].assignments)
    guarded = [node.kind for node in before] == ["condition"]
    return behind[0] if plain and guarded and len(behind) == 1 and re.fullmatch(r"goto \w+;", behind[0]) else ""


def _has_it(graph: Graph, variable: str, right: str, number: int) -> bool:
    """Whether on every way to a node the variable was last given a value."""
    sets = {n for n, node in enumerate(graph.nodes) if any(one.left == variable for one in node.assignments)} - {number}
    last = {n for n in sets if number in graph.behind((n,), sets)}
    given = {one.right for n in last for one in graph.nodes[n].assignments if one.left == variable}
    handed = any(f"&{variable}" in text for call in graph.calls() for text in call.arguments)
    return bool(last) and given == {right} and number not in graph.behind((0,), sets) and not handed


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
