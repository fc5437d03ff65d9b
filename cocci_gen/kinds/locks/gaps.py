"""The kind `no_relock`, "gives up a lock that its caller holds".

A method that unlocks what its caller has locked and locks it again works by luck: what its caller has checked need not be true
any more.  Only a release in the method itself counts; helpers that relax a lock have their own contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.searches.ways import way_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.facts.locks.locks import contradicts
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined
from cocci_gen.kinds.locks.duty import Found, LockDuty, edited_duty, lock_duties
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

#: Structures whose methods are called in order to unlock: a completion unlocks its buffer.
_UNLOCKING = frozenset({"buffer_head"})


@dataclass(frozen=True, slots=True)
class GapRule(StarringRule[LockDuty, tuple[Found, int, Call]]):
    """The second rule of the kind `no_relock`; what it reports is low, as the races are declared more often than overlooked."""

    kind: str = "no_relock"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[LockDuty, ...], tuple[Unexamined, ...]]:
        """The methods that release the lock, where it is one that is held across sleeps; the fault handlers may release
        mmap_lock, and spinlocks are given up by contract."""
        if obligation.struct in _UNLOCKING:
            return (), ()
        duties, _ = lock_duties(obligation, facts)  # what cannot be examined is told by the first rule
        able = (d for d in duties if d.held.resource.family.sleeps and d.held.object not in ("", "mm"))
        return tuple(duty for duty in able if any(_gaps(duty))), ()

    def semantic_patch(self, duty: LockDuty) -> SemanticPatch:
        """SmPL that stars the releases."""
        calls = sorted({call.callee for _, _, call in _gaps(duty)} | set(_plain(duty)))
        context = {
            "mode": "gap",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "calls": calls,
            "symbols": [],
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: LockDuty) -> Iterator[Place[tuple[Found, int, Call]]]:
        """The releases of what the caller holds."""
        for one, number, call in _gaps(duty):
            yield Place(number, (call.line,), (one, number, call))

    def suspect(self, duty: LockDuty, place: Place[tuple[Found, int, Call]], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, *place.what, text)

    def again(self, duty: LockDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> LockDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return edited_duty(duty, definition, graph, facts)


def _plain(duty: LockDuty) -> tuple[str, ...]:
    """The functions that release the lock, or any lock of its family."""
    own, family = duty.held.resource.calls, duty.held.resource.family.calls
    return own.release + own.release_shared + family.release + family.release_shared


def _gaps(duty: LockDuty) -> Iterator[tuple[Found, int, Call]]:
    """The releases of the method's own body to which a way leads on which it has not taken the lock itself."""
    for one in duty.found:
        for number, call in one.behaviour.releases:
            if call.callee in _plain(duty) and isinstance(_way(duty, one, number), Path):
                yield one, number, call


def _way(duty: LockDuty, one: Found, number: int) -> Path | NoPath:
    """A way on which the method has not locked, nor tried to with success."""
    names = lock_objects().local_names(duty.graph, dict(one.holding.given))
    own = {event.node for event in one.behaviour.events}
    return way_to(duty.graph, number, own, refused=lambda node, label: contradicts(node, label, names, duty.held))


def _suspect(duty: LockDuty, one: Found, number: int, call: Call, text: str) -> Suspect:
    node, path = duty.graph.nodes[number], _way(duty, one, number)
    branch, file, lock = last_branch(duty.graph, path), duty.definition.path, duty.held.resource.name
    start = Step(
        file, duty.definition.span.line, f"{duty.graph.name}() is called with {lock} of {one.holding.name} held"
    )
    told = Told(
        line=call.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|gap",
        message=f"{duty.graph.name}() gives up {lock} of {one.holding.name}, which its caller holds",
        breach=branch.breach(node.text, (), lock, one.holding.name),
        evidence=(start, *branch_steps(duty.graph, path, file), Step(file, call.line, f"{call.callee}() releases it")),
        doubts=((Confidence.LOW, "harmless where what the caller has checked is checked again"),),
    )
    return Suspect(finding_of(duty, told, text), path, NoFix("what must be checked again is for a person to decide"))
