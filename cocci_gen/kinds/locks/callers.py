"""The kind `callers`, the cells of the tables read from the other side.

A direct call of a method through its operations table, in a function that does not hold what the table promises the method: the
lock is taken neither there nor by the callers in the same file, or released before the call, or only behind it; or a spinlock
is held around a method that may sleep.  Functions that other files call are left alone as long as they neither take nor
release: they pass the promise on to callers that may keep it.  Always low: who holds a lock is decided further up than one
file shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.control_flow import Call, Graph
from cocci_gen.code.paths import NoPath, Path, find_path
from cocci_gen.code.ways import EXIT, way_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.document.vocabulary import Resource, vocabulary
from cocci_gen.facts.call_sites import CallSite, CallSites, forbidding
from cocci_gen.facts.index import Definition
from cocci_gen.facts.shared import shared
from cocci_gen.facts.steps import Step
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, unexamined
from cocci_gen.kinds.locks.promises import PROMISE_UNKNOWN, LockUse, concerns, lock_use
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

_ENDS = re.compile(r"unlock|enable|restore")


@dataclass(frozen=True, slots=True)
class CallerDuty(Duty):
    """A function that calls a method: where, what it does to the promised lock, and (for methods that sleep) what must not be
    held; and whether it is one of those that the obligation names, itself or as an implementation of such a method."""

    calls: tuple[tuple[int, Call], ...]
    use: LockUse
    guards: tuple[tuple[int, Call], ...]
    named: bool


def call_sites(facts: TreeFacts) -> CallSites:
    """The call sites of the tree, searched for once."""
    return shared(facts.index, CallSites)


@dataclass(frozen=True, slots=True)
class CallerRule(StarringRule[CallerDuty, tuple[Call, str, Path]]):
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
            if any(isinstance(path, Path) for _, _, path in _ways(duty)):
                duties.append(duty)
            else:
                elsewhere += _decided_elsewhere(duty)
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
            "takers": names,
            "bare": locked or not stretches,
            "stretches": sorted(stretches.items()),
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: CallerDuty) -> Iterator[Place[tuple[Call, str, Path]]]:
        """The calls to which a way leads that breaks the promise."""
        nodes = {call: node for node, call in duty.calls}
        for call, why, path in _ways(duty):
            if isinstance(path, Path):
                yield Place(nodes[call], (call.line,), (call, why, path))

    def suspect(self, duty: CallerDuty, place: Place[tuple[Call, str, Path]], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, *place.what, text)

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
    return CallerDuty(obligation, definition, graph, (), (), calls, use, _guards(obligation, graph), named)


def _decided_elsewhere(duty: CallerDuty) -> Iterator[Unexamined]:
    """The first call to which a way leads that takes nothing, where somebody outside of the file may hold the lock."""
    use, graph, obligation = duty.use, duty.graph, duty.obligation
    if use is PROMISE_UNKNOWN or not use.entered or use.inherited:
        return
    bare = graph.behind((0,), use.takes | use.perhaps) - use.takes - use.perhaps
    for node, call in duty.calls:
        if node in bare:
            why = f"whether {obligation.resource} is held here is for callers in other files to say"
            yield replace(unexamined(obligation, duty.definition, why), line=call.line)
            return


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


def _ways(duty: CallerDuty) -> list[tuple[Call, str, Path | NoPath]]:
    """(call of the method, what is wrong there, a way on which it is) for every way that breaks the promise."""
    obligation, graph = duty.obligation, duty.graph
    found: list[tuple[Call, str, Path | NoPath]] = []
    if obligation.mode is Mode.ONLY and obligation.names and not duty.named:
        why = f"only {', '.join(obligation.names)} may call it"
        found += [(call, why, find_path(graph, node, ())) for node, call in duty.calls]
    resource = vocabulary().resources.get(obligation.resource)
    if obligation.mode.locked and resource is not None:
        for node, call in duty.calls:
            if node not in duty.use.takes:
                found += [(call, why, path) for why, path in _unlocked(duty, resource, node, call)]
    for start, guard in duty.guards:
        blocked = frozenset(
            number
            for number, node in enumerate(graph.nodes)
            for call in node.calls
            if _ENDS.search(call.callee)
            and call.callee.split("_")[0] == guard.callee.split("_")[0]
            and call.arguments[:1] == guard.arguments[:1]
        )
        why = f"{guard.callee}({', '.join(guard.arguments[:1])}) at line {guard.line} forbids to sleep there"
        found += [(call, why, way_to(graph, node, blocked, over=start)) for node, call in duty.calls if node != start]
    return found


def _unlocked(duty: CallerDuty, resource: Resource, node: int, call: Call) -> Iterator[tuple[str, Path | NoPath]]:
    """Why a call is made without the lock, and the way on which it is."""
    graph, use = duty.graph, duty.use
    if not use.entered:
        yield f"nothing here takes {resource.name}", find_path(graph, node, use.takes)
    takes = use.takes | use.perhaps
    for at, release in use.drops:
        if at != node and concerns(release, call, graph, use, resource):
            yield f"line {release.line} has released {resource.name}", way_to(graph, node, takes, over=at)
    for at, release in use.releases if use.entered and not use.inherited else ():
        if at != node and concerns(release, call, graph, use, resource):
            why = f"nothing here takes {resource.name}, which line {release.line} releases"
            yield why, _released_only(graph, node, at, takes)
    for at in use.sleeps if use.entered else ():
        why = f"nothing here takes {resource.name}, with which nobody could sleep at line {graph.nodes[at].line}"
        yield why, way_to(_cut(graph, takes), node, (), over=at)


def _cut(graph: Graph, ends: frozenset[int]) -> Graph:
    """The graph without what comes behind some nodes."""
    nodes = (replace(one, successors=()) if number in ends else one for number, one in enumerate(graph.nodes))
    return replace(graph, nodes=tuple(nodes))


def _released_only(graph: Graph, node: int, release: int, takes: frozenset[int]) -> Path | NoPath:
    """A way over the call to the release of a lock that no node has taken, nor takes again before the function returns."""
    without = _cut(graph, takes)
    left = way_to(without, EXIT, (), over=release)
    return left if isinstance(left, NoPath) else way_to(without, release, (), over=node)


def _suspect(duty: CallerDuty, call: Call, why: str, path: Path, text: str) -> Suspect:
    file, graph, obligation = duty.definition.path, duty.graph, duty.obligation
    branch = last_branch(graph, path)
    statement = call.text
    calls = Step(file, call.line, f"{graph.name}() calls ->{obligation.method}(): {why}")
    told = Told(
        line=call.line,
        code=f"{branch.condition}|{branch.taken}|{statement}",
        message=f"{graph.name}() calls ->{obligation.method}(), and {why}",
        breach=branch.breach(statement, (), obligation.resource, ""),
        evidence=(*branch_steps(graph, path, file), calls),
        doubts=((Confidence.LOW, "a caller in another file may see to it"),),
    )
    return Suspect(
        finding_of(duty, told, text), path, NoFix("which caller should take the lock is for a person to decide")
    )
