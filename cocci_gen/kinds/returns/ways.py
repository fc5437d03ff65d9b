"""ValueDuty x Candidate -> Path, a way on which the value that is returned is certainly the wrong one."""

from __future__ import annotations

import re

from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.code.searches.paths import NoPath, Path, find_path
from cocci_gen.code.states.known import NEGATIVE as BELOW
from cocci_gen.code.states.known import Facts, may_be_nonzero
from cocci_gen.kinds.returns.candidates import NEGATIVE, Candidate, uncast
from cocci_gen.kinds.returns.codes import ZERO
from cocci_gen.kinds.returns.duty import ValueDuty


def way_to(duty: ValueDuty, candidate: Candidate) -> Path | NoPath:
    """A feasible way on which the value is certainly the wrong one; for a tested code, from that branch on."""
    blocked, graph = _blocked(duty), duty.read

    def accept(facts: Facts) -> bool:
        return not candidate.variable or _holds(facts, candidate)

    def never(node: Node, taken: str) -> bool:
        return taken == "true" and duty.code.never.search(node.text) is not None

    if not candidate.after:
        return _assigned(duty, candidate, find_path(graph, candidate.node, blocked, accept=accept, refused=never))
    last: Path | NoPath = NoPath(exhausted=True)
    for number, label in candidate.after:

        def refused(node: Node, taken: str, test: Node = graph.nodes[number], label: str = label) -> bool:
            return node == test and taken != label

        found = find_path(graph, candidate.node, blocked, start=number, accept=accept, refused=refused)
        last = _assigned(duty, candidate, found)
        if isinstance(last, Path):
            return last
    return last


def _assigned(duty: ValueDuty, candidate: Candidate, found: Path | NoPath) -> Path | NoPath:
    """The way, unless the last thing that it assigns to the variable is another code: names that differ may be one number
    to the path search, and are two codes here."""
    if not isinstance(found, Path) or not candidate.variable or candidate.value in ZERO | {NEGATIVE}:
        return found
    rights = [
        uncast(a.right)
        for number in found.nodes
        for a in duty.read.nodes[number].assignments
        if a.left == candidate.variable
    ]
    return found if rights and rights[-1] == candidate.value else NoPath(exhausted=True)


def _holds(facts: Facts, candidate: Candidate) -> bool:
    """Whether the variable must have the candidate's value; one that holds a named constant is not zero, whatever a test of it
    seems to say: that branch is for the other ways."""
    if candidate.value == NEGATIVE:
        return any(place == candidate.variable and signs == BELOW for place, signs, _ in facts)
    known = [constant for place, _, constant in facts if place == candidate.variable]
    if candidate.value in ZERO:
        return bool(known) and not may_be_nonzero(facts, candidate.variable) and set(known) <= ZERO | {""}
    return candidate.value in known


def _given_up(duty: ValueDuty) -> set[int]:
    """Nodes behind which the lock is gone, as the value says, or may be: somebody else has got the vm_fault."""
    if not duty.code.gives_up:
        return set()
    faults = {p.name for p in duty.graph.parameters if p.type.removeprefix("const ") == "struct vm_fault *"}

    def gives_up(node: Node) -> bool:
        return any(duty.code.given_up.search(one.callee) or faults & set(one.arguments) for one in node.calls)

    return {number for number, node in enumerate(duty.graph.nodes) if gives_up(node)}


def _blocked(duty: ValueDuty) -> set[int]:
    """Nodes that make the value right: they give up what it says is given up, set `unless->page`, or hand `unless` to
    somebody who may."""
    if not duty.code.unless:
        return _given_up(duty)
    name = next(
        (p.name for p in duty.graph.parameters if p.type.removeprefix("const ") == "struct vm_fault *"),
        duty.code.unless,
    )
    given = re.compile(rf"(?<![\w>.]){name}(?!\w|->\w)|&{name}->page\b")
    stored = re.compile(rf"\b{name}->(?:page|cow_page)$")

    def sets_page(node: Node) -> bool:
        handed = any(given.search(argument) for call in node.calls for argument in call.arguments)
        return handed or any(stored.search(a.left) or a.right == name for a in node.assignments)

    return {number for number, node in enumerate(duty.graph.nodes) if sets_page(node)}
