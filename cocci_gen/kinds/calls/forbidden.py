"""The kind `must_not_call`, "a method comes to a call that it must not make".

What is forbidden stands in the obligation, where it is looked for in barred.toml.  Obligations that name no function
but a lock that is not held are the business of `unheld_locks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.document.obligations import Obligation
from cocci_gen.errors import KernelTreeError
from cocci_gen.facts.calls.reach import CallReach, Reached, Sought, call_reach, member_of
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Confidence, Doubt, NoFix, Registration
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.calls.barred import Barred, barred_calls
from cocci_gen.kinds.calls.owed import closed_folders
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, parted, registrations
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

#: Calls deep that a forbidden call is looked for.
_DEPTH = 6
#: Where callers are looked for: file systems, memory management, and what lies under them.
_SEARCHED = ("fs/", "mm/", "block/", "drivers/", "kernel/")
#: `inode->i_mapping->a_ops->bmap`: a method called through its table, by whatever name the table has.
_TABLE = re.compile(r"(?:ops|op)->\w+$")


@dataclass(frozen=True, slots=True)
class Way:
    """A call of the function that leads to a forbidden one, and the steps from there."""

    node: int
    call: Call
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class BarredDuty(Duty):
    """A function and its ways to what it must not call."""

    barred: Barred
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class ForbiddenCallRule(StarringRule[BarredDuty, Way]):
    """The kind `must_not_call` for obligations that name functions."""

    kind: str = "must_not_call"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[BarredDuty, ...], tuple[Unexamined, ...]]:
        """The functions that come to a forbidden call."""
        binding = (barred for barred in barred_calls() if barred.binds(obligation))
        duties, missing = parted(duty for barred in binding for duty in _duties(obligation, barred, facts))
        return tuple(duty for duty in duties if duty.ways), missing

    def semantic_patch(self, duty: BarredDuty) -> SemanticPatch:
        """SmPL that stars the calls that lead to a forbidden one."""
        callees = {way.call.callee for way in duty.ways}
        context = {
            "mode": "calls",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "calls": sorted(name for name in callees if re.fullmatch(r"\w+", name)),
            "members": sorted({member for name in callees if (member := member_of(name))}),
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: BarredDuty) -> Iterator[Place[Way]]:
        """The calls that lead to a forbidden one; spatch stars the call or its statement."""
        for way in duty.ways:
            yield Place(way.node, (way.call.line, duty.graph.nodes[way.node].line), way)

    def known(self, duty: BarredDuty, places: list[Place[Way]]) -> list[Place[Way]]:
        """The calls to which a way leads."""
        return [place for place in places if isinstance(find_path(duty.graph, place.node, ()), Path)]

    def suspect(self, duty: BarredDuty, place: Place[Way], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, place.what, text)

    def again(self, duty: BarredDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> BarredDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        edited = replace(duty, definition=definition, graph=graph)
        return replace(edited, ways=tuple(_ways(edited, facts)))


def _duties(obligation: Obligation, barred: Barred, facts: TreeFacts) -> Iterator[BarredDuty | Unexamined]:
    if barred.whose == "callers":
        yield from _callers(obligation, barred, facts)
        return
    implementations, lost = implementations_of(obligation, facts.index)
    yield from lost
    for one in implementations:
        yield _duty(obligation, barred, facts, one.definition, registrations(one.entries))


def _callers(obligation: Obligation, barred: Barred, facts: TreeFacts) -> Iterator[BarredDuty | Unexamined]:
    """The functions of files that name the forbidden function: nothing else can call it."""
    words = "|".join(obligation.names)
    try:
        hits = facts.index.search_here(rf"\b({words})\b")
    except KernelTreeError as error:
        yield Unexamined(obligation.id, "", words, 0, f"the callers are not known: {error}")
        return
    indexed = facts.index.paths()
    for path in sorted({hit.path for hit in hits if hit.path.endswith(".c")}):
        searched = path.startswith(_SEARCHED) or facts.tree.home(path)
        if path not in indexed or not searched or path.startswith(barred.allowed):
            continue
        called = re.compile(rf"\b(?:{words}) ?\(".encode())
        text = facts.index.text(path)
        for definition in facts.index.functions_in(path):
            if called.search(text, definition.span.start, definition.span.end):
                yield _duty(obligation, barred, facts, definition, ())


def _duty(
    obligation: Obligation,
    barred: Barred,
    facts: TreeFacts,
    definition: Definition,
    registered: tuple[Registration, ...],
) -> BarredDuty | Unexamined:
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    duty = BarredDuty(obligation, definition, graph, registered, (), barred, ())
    return replace(duty, ways=tuple(_ways(duty, facts)))


def _ways(duty: BarredDuty, facts: TreeFacts) -> Iterator[Way]:
    names = frozenset(duty.obligation.names)
    callers = duty.barred.whose == "callers"
    target = Sought(names, frozenset(), ("",) if callers else closed_folders(), _DEPTH)
    reach = call_reach(facts.index)
    for number, node in enumerate(duty.graph.nodes):
        for call in node.calls:
            by_table = not call.direct and member_of(call.callee) in names and _TABLE.search(call.callee) is not None
            if callers and not by_table and not (call.direct and call.callee in names):
                continue  # whoever comes to it through a callee is found there
            found = reach.of_call(call, duty.definition.path, target)
            if isinstance(found, Reached):
                yield Way(number, call, found.steps)
            elif followed := _followed(call, duty, facts, reach, target):
                yield Way(number, call, followed)


def _followed(call: Call, duty: BarredDuty, facts: TreeFacts, reach: CallReach, target: Sought) -> tuple[Step, ...]:
    """The steps through a pointer: to a member that is followed, from there to its implementations."""
    if not duty.barred.through:
        return ()
    pointers = Sought(duty.barred.through, frozenset(), target.closed, _DEPTH)
    first = reach.of_call(call, duty.definition.path, pointers)
    if not isinstance(first, Reached):
        return ()
    for member in sorted(duty.barred.through):
        if not any(member in step.note for step in first.steps[-1:]):
            continue
        for entry in facts.index.entries(member):
            for definition in facts.index.resolve(entry.function, entry.path):
                found = reach.of(definition, target)
                if isinstance(found, Reached):
                    step = Step(entry.path, entry.line, f"->{member} is {entry.function}() here")
                    return (*first.steps, step, *found.steps)
    return ()


# What to say.


def _suspect(duty: BarredDuty, way: Way, text: str) -> Suspect:
    graph = duty.graph
    node = graph.nodes[way.node]
    path = find_path(graph, way.node, ())
    branch = last_branch(graph, path)
    name = next((name for name in duty.obligation.names if name in way.steps[-1].note), duty.obligation.names[0])
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}",
        message=f"{graph.name}() {duty.barred.says.format(name=name)}",
        breach=branch.breach(node.text, (), duty.obligation.resource, name),
        evidence=branch_steps(graph, path, duty.definition.path) + way.steps,
        doubts=tuple(_why_lower(duty, way)),
    )
    return Suspect(
        finding_of(duty, told, text), path, NoFix("what shall be called in its place is for a person to decide")
    )


def _why_lower(duty: BarredDuty, way: Way) -> Iterator[Doubt]:
    if duty.barred.confidence is not Confidence.HIGH:
        yield duty.barred.confidence, f"the most that a finding about {duty.obligation.short} can have"
    if len(way.steps) > 1:
        yield Confidence.LOW, "the call is made by a callee, which may never come to it for this caller"
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
