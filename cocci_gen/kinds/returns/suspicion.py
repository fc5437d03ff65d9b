"""ValueDuty x Candidate -> Suspect, what is wrong at a return, how sure that is, and how it is mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import ALSO_HERE, Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.pairs import closing_alone, left_open
from cocci_gen.kinds.returns.candidates import Candidate, assigned_constants
from cocci_gen.kinds.returns.duty import ValueDuty
from cocci_gen.kinds.returns.fixes import closing_plan, value_plan
from cocci_gen.kinds.returns.left_out import left_out, other_jumps
from cocci_gen.kinds.returns.locked import locked_plan
from cocci_gen.kinds.returns.tested_codes import doubts_of
from cocci_gen.kinds.returns.ways import way_to
from cocci_gen.kinds.suspects import FixPlan, Suspect, Told, finding_of


def suspect_at(duty: ValueDuty, candidate: Candidate, text: str) -> Suspect:
    """What is wrong where a candidate is returned; `text` is the file as it stands."""
    graph, file = duty.graph, duty.definition.path
    node = graph.nodes[candidate.node]
    path = way_to(duty, candidate)
    branch = last_branch(graph, path)
    value = candidate.value if not candidate.variable else f"{candidate.variable} ({candidate.value})"
    reached = Step(file, node.line, f"`{node.text}` is reached, and the value is {candidate.value}")
    origin = _origin(duty, candidate)
    breach = branch.breach(node.text, (duty.code.instead,), duty.obligation.resource, candidate.variable)
    also: tuple[Step, ...] = ()
    plan = _plan(duty, candidate, path)
    if isinstance(path, Path):
        breach = replace(breach, left_out=left_out(graph, path, duty.code.good) if duty.code.good else ())
        jumps = other_jumps(graph, path, candidate) if isinstance(plan, FixPlan) else ()
        passed = {graph.nodes[number].line for number in path.nodes}
        places = plan.anchors if isinstance(plan, FixPlan) and duty.code.locked else ()
        also = tuple(Step(file, line, ALSO_HERE) for line in (*jumps, *places) if line not in passed)
    if duty.precedent.function and isinstance(plan, FixPlan) and "_killable" in breach.condition:
        there = duty.precedent
        done = f"{there.function}() returns {duty.code.instead} when {there.wait}() is interrupted"
        also = (*also, Step(there.path, there.line, done))
    if isinstance(plan, FixPlan):
        called = plan.semantic_patch.text
        signals = (step for name, step in duty.signals if re.search(rf"err = {name} ?\(", called))
        also = (*also, *(duty.later if breach.left_out else ()), *signals)
    if isinstance(plan, FixPlan) and (dead := _dead(duty, candidate)):
        plan = replace(plan, more=(*plan.more, *dead))
        also = (
            *also,
            *(
                Step(
                    file,
                    line,
                    f"nothing in this folder makes {what}() hold, and the same code behind it is changed too",
                )
                for line, what in dead.items()
            ),
        )
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{candidate.value}",
        message=f"{graph.name}() {duty.code.says.format(value=value)}",
        breach=breach,
        evidence=(*duty.chain, *origin, *branch_steps(graph, path, file), reached, *also),
        doubts=tuple(_why_lower(duty, candidate, path)),
    )
    return Suspect(finding_of(duty, told, text), path, plan)


def _origin(duty: ValueDuty, candidate: Candidate) -> tuple[Step, ...]:
    """The return of a callee that gives the variable its value; none where the function assigns it itself."""
    own = candidate.value in assigned_constants(duty.graph).get(candidate.variable, ())
    found = [step for name, step in duty.given if name == candidate.variable and step.note.endswith(candidate.value)]
    return () if own else tuple(found[:1])


def _plan(duty: ValueDuty, candidate: Candidate, path: Path | NoPath) -> FixPlan | NoFix:
    """The right value, where the code says that it may be put there and the function returns it for this method alone."""
    if isinstance(path, Path) and _only_tried(duty.graph, path):
        return NoFix(
            "it only tries a lock that the task itself may hold, and would be called for ever; the lock must go"
        )
    if duty.code.locked and not (duty.chain or duty.serves or candidate.choice):
        return locked_plan(duty.obligation, duty.graph, candidate, duty.helper)
    if not duty.code.mends:
        return NoFix("which value is right there is for a person to decide")
    if (test := last_branch(duty.graph, path).condition) and not duty.code.passes.search(
        _asked(duty.graph, path, test)
    ):
        return NoFix(
            f"{duty.code.instead} would end nothing while `{test}` stays so: which value is right is for a person to decide"
        )
    if duty.chain or duty.serves:
        return NoFix("the function is not called for this method alone, and others may want the value")
    opened, closing = left_open(duty.graph, path) if isinstance(path, Path) else ("", "")
    if opened and isinstance(path, Path):
        alike = [one.node for one in duty.candidates if (one.variable, one.value) == ("", candidate.value)]
        if pair := closing_alone(duty.graph, path, alike):
            return closing_plan(duty.obligation, duty.graph, duty.code, candidate, pair)
        return NoFix(f"the way leaves open what {opened}() began, and a fix would have to call {closing}() too")
    return value_plan(duty.obligation, duty.graph, duty.code, candidate)


def _asked(graph: Graph, path: Path | NoPath, test: str) -> str:
    """A test, and what the variable in it was given last on the way."""
    steps = path.nodes if isinstance(path, Path) else ()
    given = [
        one.right for n in steps for one in graph.nodes[n].assignments if re.match(rf"{re.escape(one.left)}\b", test)
    ]
    return " ".join((test, *given[-1:]))


def _dead(duty: ValueDuty, candidate: Candidate) -> dict[int, str]:
    """The other plain returns of the same value that stand behind a test of what nothing sets: nobody reports them, and a change
    that leaves them looks forgotten.  Each with the test."""
    found = {}
    for other in duty.candidates:
        if other == candidate or candidate.variable or (other.variable, other.value) != ("", candidate.value):
            continue
        path = way_to(duty, other)
        if isinstance(path, Path) and (tests := _unset(duty, path)):
            found[duty.graph.nodes[other.node].line] = tests[0]
    return found


def _unset(duty: ValueDuty, path: Path) -> tuple[str, ...]:
    """The tests on a path that would have to hold, of what nothing in the folder of the file sets."""
    calls = ((c.callee, one.label) for one in path.decisions for c in duty.graph.nodes[one.node].calls)
    return tuple(name for name, label in calls if name in duty.unset and label == "true")


def _only_tried(graph: Graph, path: Path) -> bool:
    """Whether the last branch of a path looks whether a lock could be had at once."""
    return any("trylock" in call.callee for one in path.decisions[-1:] for call in graph.nodes[one.node].calls)


def _why_lower(duty: ValueDuty, candidate: Candidate, path: Path | NoPath) -> Iterator[Doubt]:
    for name in _unset(duty, path) if isinstance(path, Path) else ():
        yield Confidence.LOW, f"nothing in the folder of this file sets what {name}() asks for"
    if isinstance(path, Path):
        yield from doubts_of(duty.untold, path)
    if duty.code.confidence is not Confidence.HIGH:
        yield duty.code.confidence, f"the most that a finding about {duty.obligation.short} can have"
    if duty.chain or _origin(duty, candidate):
        yield Confidence.MODERATE, "the value comes from a callee, which may never take that branch for this caller"
    for method in duty.serves:
        yield Confidence.MODERATE, f"the function is also a ->{method}, which may return the value"
    if candidate.choice:
        yield Confidence.MODERATE, "the value is one of two, and the condition between them was not looked into"
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
