"""The kind `must_not_call` where code itself says that a lock is held: `lockdep_assert_held()`, `__must_hold()`.

A row names every lock that is held when a method is called.  A function that says that another lock is held, one of the file
system's own, may be called by the method only behind something that takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Exploration, Wronged
from cocci_gen.code.searches.machines import Event, Machine, Move, Wrong
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.locks.member_locks import known_members, lock_asserts, lock_releases, member_locks, member_of
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import (
    Duty,
    TreeFacts,
    Unexamined,
    bound_graph,
    implementations_of,
    parted,
    registrations,
)
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.unseen import forgotten, told_of

#: `unknown`: something may have taken it, or nobody can tell.
DEMANDED = Machine(
    "demanded",
    "free",
    (Move("free", "take", "held"), Move("held", "release", "free")),
    (Wrong("free", "demand", "demanded"),),
)


@dataclass(frozen=True, slots=True)
class DemandDuty(Duty):
    """A method, a lock by the name of its member, and what its nodes do to it; `demands` are (call line, where it is said)."""

    member: str
    demands: tuple[tuple[int, Step], ...]
    events: Mapping[int, tuple[Event, ...]] = field(default_factory=dict, compare=False, repr=False)

    def explored(self) -> Exploration:
        """Every way through the function."""
        return explore(Question(self.graph, DEMANDED, self.events, DEMANDED.start))


@dataclass(frozen=True, slots=True)
class DemandRule(StarringRule[DemandDuty, Wronged]):
    """The kind `must_not_call` for obligations of mode `demanded`."""

    kind: str = "must_not_call"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[DemandDuty, ...], tuple[Unexamined, ...]]:
        """The methods that call what demands a lock before anything takes it."""
        if obligation.mode is not Mode.DEMANDED:
            return (), ()
        implementations, lost = implementations_of(obligation, facts.index)
        duties: list[DemandDuty] = []
        missing = list(lost)
        for one in implementations:
            found, unread = parted(_duties(obligation, one, facts))
            missing += unread
            seen = [(duty, duty.explored()) for duty in found]
            duties += [duty for duty, way in seen if way.wrongs]
            missing += [
                told for duty, way in seen for told in told_of(obligation, duty.definition, forgotten(duty.graph, way))
            ]
        return tuple(duties), tuple(missing)

    def semantic_patch(self, duty: DemandDuty) -> SemanticPatch:
        """SmPL that stars the calls that demand the lock."""
        context = {
            "mode": "relies",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "calls": sorted({one.event.call.callee for one in duty.explored().wrongs if one.event.call is not None}),
            "takers": [],
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: DemandDuty) -> Iterator[Place[Wronged]]:
        """The calls to which a way leads without the lock."""
        for one in duty.explored().wrongs:
            yield Place(one.event.node, (one.event.line,), one)

    def suspect(self, duty: DemandDuty, place: Place[Wronged], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, duty.explored(), place.what, text)

    def again(self, duty: DemandDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> DemandDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _examined(replace(duty, definition=definition, graph=graph), facts)


def _duties(obligation: Obligation, one: Implementation, facts: TreeFacts) -> Iterator[DemandDuty | Unexamined]:
    definition, listed = one.definition, registrations(one.entries)
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        yield graph
        return
    members = {member for call in graph.calls() for member, _ in _demanded(call, definition.path, facts)}
    for member in sorted(members - known_members()):
        yield _examined(DemandDuty(obligation, definition, graph, listed, (), member, ()), facts)


def _demanded(call: Call, path: str, facts: TreeFacts) -> Iterator[tuple[str, Step]]:
    """(member, where it is said) of the locks that a call demands: all definitions that it may mean agree on them."""
    if call.callee in lock_asserts():
        member = member_of(call.arguments[0]) if call.arguments else ""
        if member:
            yield member, Step(path, call.line, f"{call.callee}() says that {member} is held")
        return
    definitions = facts.index.resolve(call.callee, path) if call.direct else ()
    said = [dict(member_locks(facts.index).demands(one)) for one in definitions]
    for member in set(said[0]).intersection(*said[1:]) if said else ():
        line = said[0][member]
        yield member, Step(definitions[0].path, line, f"{call.callee}() says that {member} is held when it is called")


def _examined(duty: DemandDuty, facts: TreeFacts) -> DemandDuty:
    graph, path, member = duty.graph, duty.definition.path, duty.member
    locks = member_locks(facts.index)
    events: dict[int, list[Event]] = {}
    demands = []
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            said = [step for name, step in _demanded(call, path, facts) if name == member]
            if said:
                demands.append((call.line, said[0]))
                events.setdefault(number, []).append(DEMANDED.step(number, call, "demand"))
            elif locks.takes(call, member, path):
                events.setdefault(number, []).append(DEMANDED.step(number, call, "take"))
            elif call.callee in lock_releases() and call.arguments and member_of(call.arguments[0]) == member:
                events.setdefault(number, []).append(DEMANDED.step(number, call, "release"))
    return replace(duty, demands=tuple(demands), events={number: tuple(every) for number, every in events.items()})


def _suspect(duty: DemandDuty, seen: Exploration, one: Wronged, text: str) -> Suspect:
    graph, file, path = duty.graph, duty.definition.path, seen.path(one.stop)
    node, branch = graph.nodes[one.event.node], last_branch(graph, path).told()
    said = [step for line, step in duty.demands if line == one.event.line]
    told = Told(
        line=one.event.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{duty.member}",
        message=f"{graph.name}() comes to {one.event.note}, which demands {duty.member}, and nothing has taken it",
        breach=branch.breach(node.text, (), duty.member, ""),
        evidence=(*branch_steps(graph, path, file), Step(file, one.event.line, f"{one.event.note} is called"), *said),
        doubts=tuple(_why_lower(duty)),
    )
    return Suspect(
        finding_of(duty, told, text), path, NoFix("whether the lock or the demand is wrong is for a person to decide")
    )


def _why_lower(duty: DemandDuty) -> Iterator[Doubt]:
    yield Confidence.MODERATE, "callers that hold it all the same were not looked for"
    if not duty.graph.whole:
        yield Confidence.LOW, f"a part of {duty.graph.name}() did not parse"
