"""The kind `callers`, the cells of the tables read from the other side.

A direct call of a method through its operations table, in a function that does not hold what the table promises the method: the
lock is taken neither there nor by the callers in the same file, or released before the call, or only behind it; or a spinlock
is held around a method that may sleep.  Functions that other files call are left alone as long as they neither take nor
release, and nothing shows that they are called without the lock: they pass the promise on to callers that may keep it.  Always
low: who holds a lock is decided further up than one file shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import Path, refuted
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.call_sites import CallSite, CallSites, forbidding
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.shared import shared
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined, unexamined
from cocci_gen.kinds.locks.promises import PROMISE_UNKNOWN, LockUse, lock_use
from cocci_gen.kinds.locks.unentered import Unentered, led_with, unentered
from cocci_gen.kinds.locks.unkept import CallerDuty, Unkept, unkept
from cocci_gen.kinds.locks.victims import unlocked_victims
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.unseen import MERGED


def call_sites(facts: TreeFacts) -> CallSites:
    """The call sites of the tree, searched for once."""
    return shared(facts.index, CallSites)


@dataclass(frozen=True, slots=True)
class CallerRule(StarringRule[CallerDuty, Unkept]):
    """The kind `callers`."""

    kind: str = "callers"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[CallerDuty, ...], tuple[Unexamined, ...]]:
        """The functions with a call that does not keep the promise."""
        by_function: dict[Definition, list[CallSite]] = {}
        for site in call_sites(facts).of(obligation.struct, obligation.method):
            by_function.setdefault(site.definition, []).append(site)
        duties, elsewhere = [], list[Unexamined]()
        for definition, sites in by_function.items():
            duty = _duty(obligation, definition, sites[0].graph, tuple((site.node, site.call) for site in sites), facts)
            ways = tuple(unkept(duty))
            if any(isinstance(one.path, Path) for one in ways):
                duties.append(duty)
            else:
                elsewhere += _decided_elsewhere(duty) or _given_up(duty, ways)
        return tuple(duties), tuple(elsewhere)

    def semantic_patch(self, duty: CallerDuty) -> SemanticPatch:
        """SmPL that stars calls before which nothing takes the lock, or behind what releases it or forbids to sleep."""
        names = sorted(duty.use.names)
        locked = duty.obligation.mode.locked
        begins = duty.use.drops if locked else duty.guards
        stretches = {call.callee: names if locked else [_release_of(call.callee)] for _, call in begins}
        context = {
            "mode": "report",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "method": duty.obligation.method,
            "takers": [] if _takes_another(duty) else names,
            "bare": locked or not stretches,
            "stretches": sorted(stretches.items()),
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: CallerDuty) -> Iterator[Place[Unkept]]:
        """The calls to which a way leads that breaks the promise."""
        for one in unkept(duty):
            if isinstance(one.path, Path):
                yield Place(one.node, (one.call.line,), one)

    def suspect(self, duty: CallerDuty, place: Place[Unkept], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, place.what, text)

    def again(self, duty: CallerDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> CallerDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        known = {call.callee for _, call in duty.calls}
        calls = tuple(
            (number, call) for number, node in enumerate(graph.nodes) for call in node.calls if call.callee in known
        )
        return _duty(duty.obligation, definition, graph, calls, facts)


def _duty(
    obligation: Obligation, definition: Definition, graph: Graph, calls: tuple[tuple[int, Call], ...], facts: TreeFacts
) -> CallerDuty:
    resource = vocabulary().resources.get(obligation.resource) if obligation.mode.locked else None
    use = PROMISE_UNKNOWN if resource is None else lock_use(resource, definition, graph, facts)
    methods = (
        {entry.method for entry in facts.index.entries_naming(graph.name)} if obligation.mode is Mode.ONLY else set()
    )
    named = not {graph.name, *methods}.isdisjoint(obligation.names)
    shown, victims = None, tuple[tuple[int, Unentered], ...]()
    if resource is not None and _bare(use, graph, calls) is not None:
        if not use.entered and led_with(resource, definition, facts):
            use = replace(use, entered=True, inherited=bool(use.releases))
        shown = unentered(resource, definition, graph, calls, facts) if use.entered else None
    if resource is not None:
        victims = tuple(unlocked_victims(obligation, resource, definition, graph, calls, facts))
    return CallerDuty(
        obligation, definition, graph, (), (), calls, use, _guards(obligation, graph), named, shown, victims
    )


def _bare(use: LockUse, graph: Graph, calls: tuple[tuple[int, Call], ...]) -> Call | None:
    """The first call to which a way leads that takes nothing, of a lock of which something can be said."""
    if use is PROMISE_UNKNOWN:
        return None
    bare = graph.behind((0,), use.takes | use.perhaps) - use.takes - use.perhaps
    return next((call for node, call in calls if node in bare), None)


def _decided_elsewhere(duty: CallerDuty) -> tuple[Unexamined, ...]:
    """The first call of which only other files can say whether the lock is held."""
    asked = duty.use.entered and not duty.use.inherited
    call = _bare(duty.use, duty.graph, duty.calls) if asked else None
    if call is None:
        return ()
    why = f"whether {duty.obligation.resource} is held here is for callers in other files to say"
    return (replace(unexamined(duty.obligation, duty.definition, why), line=call.line),)


def _given_up(duty: CallerDuty, ways: tuple[Unkept, ...]) -> tuple[Unexamined, ...]:
    """The first call to which no way was found, and none refuted."""
    lines = [one.call.line for one in ways if not refuted(one.path)]
    return tuple(replace(unexamined(duty.obligation, duty.definition, MERGED), line=line) for line in lines[:1])


def _guards(obligation: Obligation, graph: Graph) -> tuple[tuple[int, Call], ...]:
    """Calls that begin a stretch in which nothing may sleep (or, for methods that rcu-walk must not call, in RCU)."""
    if not obligation.mode.unhindered:
        return ()
    names = {"rcu_read_lock"}
    if obligation.mode is Mode.MAY_SLEEP:
        names |= forbidding()
        names |= {
            name for one in vocabulary().resources.values() if one.family.atomic for name in one.family.calls.take
        }
    return tuple(
        (number, call) for number, node in enumerate(graph.nodes) for call in node.calls if call.callee in names
    )


def _release_of(taker: str) -> str:
    bare = re.sub(r"(?:_nested|_nest_lock)$", "", taker)
    for begins, ends in (("irqsave", "irqrestore"), ("irq_save", "irq_restore"), ("disable", "enable")):
        bare = bare.replace(begins, ends)
    return bare.replace("lock", "unlock", 1)


def _takes_another(duty: CallerDuty) -> bool:
    """Whether a way that breaks the promise takes such a lock all the same: that of something else."""
    ways = [one.path for one in unkept(duty) if isinstance(one.path, Path)]
    return any(not duty.use.takes.isdisjoint(path.nodes) for path in ways)


def _suspect(duty: CallerDuty, one: Unkept, text: str) -> Suspect:
    file, graph, obligation, call = duty.definition.path, duty.graph, duty.obligation, one.call
    branch = last_branch(graph, one.path)
    calls = Step(file, call.line, f"{graph.name}() calls ->{obligation.method}(): {one.why}")
    told = Told(
        line=call.line,
        code=f"{branch.condition}|{branch.taken}|{call.text}",
        message=f"{graph.name}() calls ->{obligation.method}(), and {one.why}",
        breach=branch.breach(call.text, (), obligation.resource, ""),
        evidence=(*branch_steps(graph, one.path, file), calls, *one.shown),
        doubts=((Confidence.LOW, "a caller in another file may see to it"),),
    )
    return Suspect(
        finding_of(duty, told, text), one.path, NoFix("which caller should take the lock is for a person to decide")
    )
