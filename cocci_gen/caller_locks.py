"""Leaf between stages 4 and 6: the kind `callers`, the cells of the tables read from the other side.

A direct call of a method through its operations table, in a function that does not hold what the table promises the method: the
lock is taken neither there nor by the callers in the same file, or a spinlock is held around a method that may sleep.
Functions that other files call are left alone: they pass the promise on to callers that may keep it.  Always low: who
holds a lock is decided further up than one file shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from cocci_gen.branches import branch_steps, last_branch
from cocci_gen.call_sites import CallSite, CallSites
from cocci_gen.control_flow import Call, Graph, Node
from cocci_gen.duties import Duty, TreeFacts, Unexamined
from cocci_gen.findings import Confidence, NoFix, Step
from cocci_gen.index import Definition, KernelIndex
from cocci_gen.obligations import Obligation
from cocci_gen.paths import NoPath, Path, find_path
from cocci_gen.smpl import SemanticPatch, render
from cocci_gen.suspects import Suspect, Told, finding_of
from cocci_gen.turns import Turn, way_over
from cocci_gen.vocabulary import Resource, vocabulary

_LOCKED = frozenset({"exclusive", "shared", "held", "either"})
_ATOMIC = frozenset({"may_sleep", "not_in_rcu_walk"})
#: Where the VFS and the VM live: the tables describe how these call the methods.
_CORE = re.compile(r"^(?:fs|mm|block|kernel|ipc)/[^/]+\.c$")
_WORD = re.compile(r"^\w+$")


@dataclass(frozen=True, slots=True)
class CallerDuty(Duty):
    """A function that calls a method: where, what takes the lock there, and (for methods that sleep) what must not be held."""

    calls: tuple[tuple[int, Call], ...]
    takers: frozenset[str]
    guards: tuple[tuple[int, Call], ...]


_sites: WeakKeyDictionary[KernelIndex, CallSites] = WeakKeyDictionary()


def call_sites(facts: TreeFacts) -> CallSites:
    """The call sites of the tree, searched for once."""
    if facts.index not in _sites:
        _sites[facts.index] = CallSites(facts.tree, facts.index)
    return _sites[facts.index]


@dataclass(frozen=True, slots=True)
class CallerRule:
    """The kind `callers`."""

    kind: str = "callers"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[CallerDuty, ...], tuple[Unexamined, ...]]:
        """The functions with a call that does not keep the promise."""
        by_function: dict[Definition, list[CallSite]] = {}
        for site in call_sites(facts).of(obligation.struct, obligation.method):
            by_function.setdefault(site.definition, []).append(site)
        duties = []
        for definition, sites in by_function.items():
            duty = _duty(obligation, definition, sites[0].graph, tuple((site.node, site.call) for site in sites), facts)
            if any(isinstance(path, Path) for _, _, path in _ways(duty)):
                duties.append(duty)
        return tuple(duties), ()

    def semantic_patch(self, duty: CallerDuty) -> SemanticPatch:
        """SmPL that stars calls of the method before which nothing takes the lock (or behind a spinlock)."""
        pairs = sorted({(call.callee, _release_of(call.callee)) for _, call in duty.guards})
        context = {
            "mode": "report",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "method": duty.obligation.method,
            "takers": sorted(name for name in duty.takers if _WORD.match(name)),
            "guards": pairs if duty.obligation.mode in _ATOMIC else [],
        }
        return render(self.kind, duty.obligation.id, context)

    def judge(self, duty: CallerDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred call, in line order."""
        starred = set(lines)
        found: dict[int, Suspect] = {}
        for call, why, path in _ways(duty):
            if call.line in starred and isinstance(path, Path):
                found.setdefault(call.line, _suspect(duty, call, why, path, text))
        return tuple(found[line] for line in sorted(found))

    def unstarred(self, duty: CallerDuty, lines: Iterable[int]) -> tuple[Node, ...]:
        """Calls to which the path search finds a way although spatch starred nothing."""
        starred = set(lines)
        missed = {call.line for call, _, path in _ways(duty) if isinstance(path, Path)} - starred
        return tuple(duty.graph.nodes[node] for node, call in duty.calls if call.line in missed)

    def again(self, duty: CallerDuty, definition: Definition, graph: Graph, _facts: TreeFacts) -> CallerDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        known = {call.callee for _, call in duty.calls}
        calls = tuple(
            (number, call) for number, node in enumerate(graph.nodes) for call in node.calls if call.callee in known
        )
        return replace(duty, definition=definition, graph=graph, calls=calls, guards=_guards(duty.obligation, graph))


def _duty(
    obligation: Obligation, definition: Definition, graph: Graph, calls: tuple[tuple[int, Call], ...], facts: TreeFacts
) -> CallerDuty:
    takers: frozenset[str] = frozenset()
    if obligation.mode in _LOCKED and _CORE.match(definition.path):
        takers = frozenset({"*"})
    elif obligation.mode in _LOCKED:
        resource = vocabulary().resources.get(obligation.resource)
        takers = _takers(resource, definition, graph, facts) if resource is not None else frozenset({"*"})
    return CallerDuty(obligation, definition, graph, (), (), calls, takers, _guards(obligation, graph))


def _takers(resource: Resource, definition: Definition, graph: Graph, facts: TreeFacts) -> frozenset[str]:
    """The calls of the function that take or assert the lock; "*" when callers may hold it."""
    found = {call.callee for call in graph.calls() if _takes(call, resource)}
    if found:
        return frozenset(found)
    if not definition.span.static or definition.path.endswith(".h") or facts.index.entries_naming(definition.name):
        return frozenset({"*"})
    for other in facts.index.functions_in(definition.path):
        caller = facts.index.graph(other)
        if caller is not None and other != definition and _may_hold(caller, other, definition.name, resource):
            return frozenset({"*"})
    return frozenset()


def _may_hold(caller: Graph, definition: Definition, name: str, resource: Resource) -> bool:
    """Whether a function of the same file calls `name` with the lock held, or gives it to somebody who may."""
    if any(name in call.arguments for call in caller.calls()):
        return True
    if not any(call.callee == name for call in caller.calls()):
        return False
    return not definition.span.static or any(_takes(call, resource) for call in caller.calls())


def _takes(call: Call, resource: Resource) -> bool:
    own, family = resource.calls, resource.family.calls
    if call.callee in own.take + own.take_shared + own.attempt + own.attempt_shared + own.asserts:
        return True
    general = family.take + family.take_shared + family.attempt + family.attempt_shared + family.asserts
    named = bool(call.arguments) and any(re.search(rf"\b{member}\b", call.arguments[0]) for member in resource.members)
    return (call.callee in general and named) or bool(re.search(r"lock", call.callee) and named)


def _guards(obligation: Obligation, graph: Graph) -> tuple[tuple[int, Call], ...]:
    """Calls that begin a stretch in which nothing may sleep (or, for methods that rcu-walk must not call, in RCU)."""
    if obligation.mode not in _ATOMIC:
        return ()
    names = {"rcu_read_lock"}
    if obligation.mode == "may_sleep":
        names |= {
            name for one in vocabulary().resources.values() if one.family.atomic for name in one.family.calls.take
        }
    return tuple(
        (number, call) for number, node in enumerate(graph.nodes) for call in node.calls if call.callee in names
    )


def _release_of(taker: str) -> str:
    return re.sub(r"(?:_nested|_nest_lock)$", "", taker).replace("irqsave", "irqrestore").replace("lock", "unlock", 1)


def _ways(duty: CallerDuty) -> list[tuple[Call, str, Path | NoPath]]:
    """(call of the method, what is wrong there, a way on which it is) for every way that breaks the promise."""
    mode, graph = duty.obligation.mode, duty.graph
    found: list[tuple[Call, str, Path | NoPath]] = []
    if mode == "only" and duty.obligation.names and graph.name not in duty.obligation.names:
        why = f"only {', '.join(duty.obligation.names)} may call it"
        found += [(call, why, find_path(graph, node, ())) for node, call in duty.calls]
    if mode in _LOCKED and "*" not in duty.takers:
        taken = {number for number, node in enumerate(graph.nodes) for call in node.calls if call.callee in duty.takers}
        why = f"nothing here takes {duty.obligation.resource}"
        found += [(call, why, find_path(graph, node, taken)) for node, call in duty.calls if node not in taken]
    for start, guard in duty.guards:
        blocked = frozenset(
            number
            for number, node in enumerate(graph.nodes)
            for call in node.calls
            if "unlock" in call.callee
            and call.callee.split("_")[0] == guard.callee.split("_")[0]
            and call.arguments[:1] == guard.arguments[:1]
        )
        why = f"{guard.callee}({', '.join(guard.arguments[:1])}) at line {guard.line} forbids to sleep there"
        found += [
            (call, why, way_over(graph, Turn(start, "", node, blocked))) for node, call in duty.calls if node != start
        ]
    return found


def _suspect(duty: CallerDuty, call: Call, why: str, path: Path, text: str) -> Suspect:
    file, graph, obligation = duty.definition.path, duty.graph, duty.obligation
    branch = last_branch(graph, path)
    statement = f"{call.callee}({', '.join(call.arguments)})"
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
