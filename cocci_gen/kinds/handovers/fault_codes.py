"""VM_FAULT_LOCKED, said of a page that is not locked, and another code, said of one that is: `returns_locked` of ->fault and
->page_mkwrite.

The page of a fault comes unlocked (or is none yet), and the code says that the VM is to unlock it.  So every return of that code
must be reached with the lock held, whoever took it: the method, or a function that was given the page or the fault.  A return of
any other code must be reached without: nobody would unlock it, and where the code is no error, the VM waits for it for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.code.searches.machines import Event
from cocci_gen.code.searches.paths import Path
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined, implementations_of, registrations
from cocci_gen.kinds.handovers.contracts import contracts
from cocci_gen.kinds.handovers.fault_duties import Answerer, FaultDuty, examined, fault_duty, names_code, passed_on
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.unseen import told_of

#: Functions that the fault is passed on through.
_DELEGATIONS = 3


@dataclass(frozen=True, slots=True)
class FaultCodeRule(StarringRule[FaultDuty, Arrival]):
    """The kind `returns_locked` for methods that tell by VM_FAULT_LOCKED."""

    kind: str = "returns_locked"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[FaultDuty, ...], tuple[Unexamined, ...]]:
        """The methods (and functions that they pass the fault on to) that name the code."""
        contract = contracts().get(obligation.method)
        if contract is None or contract.outcome != "fault":
            return (), ()  # the other rule of the kind tells of methods without a contract, and of lost functions
        implementations, _ = implementations_of(obligation, facts.index)
        duties: dict[tuple[Definition, int | None], FaultDuty] = {}
        missing: list[Unexamined] = []
        bound: set[tuple[Definition, int | None]] = set()
        todo = [Answerer(one.definition, registrations(one.entries)) for one in implementations]
        while todo:
            one = todo.pop(0)
            key = (one.definition, one.position)
            if key in bound:
                continue
            bound.add(key)
            duty = fault_duty(obligation, one, contract, facts)
            if isinstance(duty, Unexamined):
                missing += [duty] if one.chain else []  # the other rule tells of the methods themselves
            elif duty is not None:
                duties[key] = duty
                todo += passed_on(duty, facts) if len(one.chain) < _DELEGATIONS else []
        told = [(one, one.explored()) for one in duties.values()]
        naming = [(one, seen) for one, seen in told if names_code(one.graph)]
        unseen = [told_of(obligation, one.definition, one.unfollowed(seen)) for one, seen in naming]
        return tuple(one for one, seen in told if one.breaches(seen) or one.kept(seen)), (
            *missing,
            *(line for lines in unseen for line in lines),
        )

    def semantic_patch(self, duty: FaultDuty) -> SemanticPatch:
        """SmPL that stars the returns before which nothing took the lock, or something gave it back, or a callee took it."""
        return render(self.kind, duty.obligation.id, _context(duty))

    def places(self, duty: FaultDuty) -> Iterator[Place[Arrival]]:
        """The returns that say the wrong thing."""
        seen = duty.explored()
        for one in duty.breaches(seen):
            yield Place(one.node, (duty.graph.nodes[one.node].line,), one)
        for one in duty.kept(seen):
            yield Place(one.node, (duty.graph.nodes[one.node].line,), one, "kept")

    def suspect(self, duty: FaultDuty, place: Place[Arrival], text: str) -> Suspect:
        """What is wrong at one of them."""
        say = _kept if place.what.state == "held" else _suspect
        return say(duty, duty.explored(), place.what, text)

    def again(self, duty: FaultDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> FaultDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return examined(replace(duty, definition=definition, graph=graph), facts)


# What to say.


def _suspect(duty: FaultDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    node, path = graph.nodes[arrival.node], seen.path(arrival.stop)
    event = duty.releaser(seen, arrival)
    branch = last_branch(graph, path)
    word = _word(duty)
    start = Step(file, duty.definition.span.line, f"{graph.name}() is called with no lock on the {word}")
    gone = Step(file, event.line, f"{event.note} unlocks it") if event is not None else start
    how = "unlocked" if event is not None else "which nothing has locked"
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{how}",
        message=f"{graph.name}() returns VM_FAULT_LOCKED with the {word} unlocked"
        if event is not None
        else f"{graph.name}() returns VM_FAULT_LOCKED for a {word} that nothing has locked",
        breach=branch.breach(node.text, (), word, min(duty.names, key=len)),
        evidence=(*duty.chain, start, *branch_steps(graph, path, file), *([gone] if event is not None else [])),
        doubts=tuple(_why_lower(duty, path, event)),
    )
    return Suspect(
        finding_of(duty, told, text), path, NoFix("whether the code or the unlock is wrong is for a person to decide")
    )


def _kept(duty: FaultDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    """The finding about a code that leaves the lock to nobody: the VM takes it itself, or asks for no unlock."""
    graph, file = duty.graph, duty.definition.path
    node, path = graph.nodes[arrival.node], seen.path(arrival.stop)
    event = duty.taker(seen, arrival)
    branch = last_branch(graph, path)
    word = _word(duty)
    called = event.call.callee if event is not None and event.call is not None else ""
    line = event.line if event is not None else node.line
    taken = Step(file, line, f"{called}() returns with the {word} locked")
    reached = Step(file, node.line, f"`{node.text}` is reached")
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|kept",
        message=f"{graph.name}() fails with the {word} still locked, which {called}() has locked",
        breach=branch.breach(node.text, (), word, min(duty.names, key=len)),
        evidence=(*duty.chain, taken, *branch_steps(graph, path, file), reached),
        doubts=tuple(_why_lower(duty, path, event, before="free")),
    )
    return Suspect(
        finding_of(duty, told, text), path, NoFix(f"whether {called}() is to unlock it is for a person to decide")
    )


def _word(duty: FaultDuty) -> str:
    return "folio" if any("folio" in call.callee for call in duty.graph.calls()) else "page"


def _why_lower(duty: FaultDuty, path: Path, event: Event | None, before: str = "held") -> Iterator[Doubt]:
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
    for step in path.nodes:
        for one in duty.events.get(step, ()):
            if one.outcome(before if one is event else "free", ()).ambiguous:
                yield (
                    Confidence.MODERATE,
                    f"{one.note} at line {one.line} does so on some of its ways, and does not say on which",
                )


def _context(duty: FaultDuty) -> dict[str, object]:
    def doing(state: str, to: str) -> list[str]:
        """The functions that may move the page from one state to another."""
        return sorted(
            {
                one.call.callee
                for events in duty.events.values()
                for one in events
                if one.call is not None and one.call.direct
                if any(e.state == to for e in one.outcome(state, ()).exits)
            }
        )

    takes = doing("free", "held")
    return {
        "mode": "report",
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "takers": takes if duty.kept(duty.explored()) else [],
        "releases": doing("held", "free"),
        "retakers": takes,
        "unlocked": takes or ["lock_page", "folio_lock"],
        "steps": [],
        "symbols": [],
    }
