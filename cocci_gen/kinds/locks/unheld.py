"""The kind `must_not_call` where the table says that a lock is not held.

"No" in a lock column does not mean that no caller holds the lock; it means that the method cannot rely on it.  A method that
releases the lock, or asserts it, before it has taken it itself, breaks that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import NoPath, Path, refuted
from cocci_gen.code.searches.ways import way_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.document.vocabulary import lock_takers
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.facts.locks.locks import lock_search
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.facts.tree.macros import macros_of
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
    unexamined,
)
from cocci_gen.kinds.locks.holdings import Holding, held_lock, holdings_of
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.unseen import Unfollowed, told_of

#: What may take a lock of any sort, whatever its name: behind it nothing is said.
_MAY_TAKE = re.compile(r"(?:^|_)(?:try)?(?:lock|down|guard|begin|get|seqbegin)(?:_|$|\d)|trylock")
#: Those of them that say little: what they are is looked up where it can be seen.
_HARDLY_TAKES = re.compile(
    r"^(?:(?!(?<!b)lock|down|guard|begin).)*(?:^|_)get(?:_|$|\d)(?:(?!(?<!b)lock|down|guard|begin).)*$"
)
#: Calls deep that a function is looked into, and those of them whose names need not sound like a lock where its own does.
_DEPTH = 6
_WRAPPED = 2
#: A lock that is a member of something.
_LOCK_OF = re.compile(r"\(?&.*(?:->|\.)(\w+)\)?")
#: A test of how the caller holds its lock: `vmf->flags & FAULT_FLAG_VMA_LOCK`.
_HOW_HELD = re.compile(r"(\w+)(?:->\w+)* ?& ?\(?[A-Z][A-Z0-9_]*LOCK[A-Z0-9_]*\)?")
_NEVER_TAKES = re.compile(r"unlock|assert|lockdep|is_locked|^up_|_put$|might_lock|^rcu_read_lock|^lock_map_|^trace_")


class Verb(StrEnum):
    """What a call does that is right only when the lock is held."""

    RELEASES = "releases"
    ASSERTS = "asserts"


@dataclass(frozen=True, slots=True)
class Reliance:
    """A call that is right only when the lock is held, and what it does with it."""

    node: int
    call: Call
    verb: Verb


@dataclass(frozen=True, slots=True)
class UnheldDuty(Duty):
    """A method, the lock that its caller need not hold, where it relies on it, where it takes it, and where by the names of
    calls it may."""

    held: Held
    holding: Holding
    reliances: tuple[Reliance, ...]
    taken: tuple[tuple[int, str], ...]
    perhaps: tuple[tuple[int, str], ...]

    @property
    def takers(self) -> tuple[tuple[int, str], ...]:
        """Where it may have taken the lock."""
        return (*self.taken, *self.perhaps)


@dataclass(frozen=True, slots=True)
class UnheldLockRule(StarringRule[UnheldDuty, Reliance]):
    """The kind `must_not_call` for obligations of mode `not_held`."""

    kind: str = "must_not_call"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[UnheldDuty, ...], tuple[Unexamined, ...]]:
        """The methods that may release or assert the lock before they take it."""
        if obligation.mode is not Mode.NOT_HELD:
            return (), ()
        implementations, lost = implementations_of(obligation, facts.index)
        duties, missing = parted(duty for one in implementations for duty in _duties(obligation, one, facts))
        unseen = (line for duty in duties for line in told_of(obligation, duty.definition, _hidden(duty)))
        return tuple(duty for duty in duties if _may_break(duty)), (*lost, *missing, *unseen)

    def semantic_patch(self, duty: UnheldDuty) -> SemanticPatch:
        """SmPL that stars the releases and assertions that no taking call precedes."""
        calls = {reliance.call.callee for reliance in duty.reliances}
        takers = {callee for _, callee in duty.takers if re.fullmatch(r"\w+", callee)} - calls
        context = {
            "mode": "relies",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "calls": sorted(calls),
            "takers": sorted(takers),
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: UnheldDuty) -> Iterator[Place[Reliance]]:
        """The calls that rely on the lock."""
        for one in duty.reliances:
            yield Place(one.node, (one.call.line,), one)

    def known(self, duty: UnheldDuty, places: list[Place[Reliance]]) -> list[Place[Reliance]]:
        """The calls to which a way leads."""
        return [place for place in places if isinstance(_way(duty, place.what), Path)]

    def suspect(self, duty: UnheldDuty, place: Place[Reliance], text: str) -> Suspect:
        """What is wrong with one of them."""
        return _suspect(duty, place.what, text)

    def again(self, duty: UnheldDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> UnheldDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _examined(replace(duty, definition=definition, graph=graph), facts)


def _duties(
    obligation: Obligation, implementation: Implementation, facts: TreeFacts
) -> Iterator[UnheldDuty | Unexamined]:
    definition, entries = implementation.definition, registrations(implementation.entries)
    held = held_lock(obligation)
    graph = bound_graph(obligation, definition, facts.index)
    if held is None:
        yield unexamined(obligation, definition, f"{obligation.resource} is no lock that the vocabulary knows")
    elif isinstance(graph, Unexamined):
        yield graph
    else:
        holdings = holdings_of(obligation, held, graph)
        if not holdings:
            yield unexamined(obligation, definition, f"no parameter leads to the owner of {held.resource.name}")
        for holding in holdings:
            yield _examined(UnheldDuty(obligation, definition, graph, entries, (), held, holding, (), (), ()), facts)


def _examined(duty: UnheldDuty, facts: TreeFacts) -> UnheldDuty:
    """The duty with what its function does to the lock."""
    given = dict(duty.holding.given)
    behaviour = lock_search(facts.index).behaviour(duty.graph, duty.definition.path, given, duty.held)
    names = lock_objects().local_names(duty.graph, given)
    released = (*behaviour.releases, *((part.node, part.call) for part in behaviour.parts))
    reliances = [Reliance(node, call, Verb.RELEASES) for node, call in released if call.direct]
    reliances += [
        Reliance(number, call, Verb.ASSERTS)
        for number, node in enumerate(duty.graph.nodes)
        for call in node.calls
        if duty.held.asserts(call, names)
    ]
    taken = tuple(dict.fromkeys((event.node, event.call.callee) for event in behaviour.events))
    perhaps = tuple(dict.fromkeys(_takers(duty, reliances, facts))) if reliances else ()
    return replace(duty, reliances=tuple(reliances), taken=taken, perhaps=perhaps)


def _takers(duty: UnheldDuty, reliances: list[Reliance], facts: TreeFacts) -> Iterator[tuple[int, str]]:
    """The nodes that may have taken the lock by their names, or that ask how it is held: who asks knows that it is."""
    parameters = {parameter.name for parameter in duty.graph.parameters}
    relying = {one.call for one in reliances if one.verb is Verb.ASSERTS}
    for number, node in enumerate(duty.graph.nodes):
        asked = _HOW_HELD.fullmatch(node.text) if node.kind == "condition" else None
        if asked and asked[1] in parameters:
            yield number, node.text
        for call in node.calls:
            if call not in relying and _may_take(call, duty.definition.path, duty.held, facts, _DEPTH):
                yield number, call.callee


def _may_take(call: Call, path: str, held: Held, facts: TreeFacts, depth: int) -> bool:
    """Whether a call may take the lock, by its name, and not what is given another lock than this (`&x->other_sem`): not a
    primitive of another sort (a mutex is no rwsem), not what can be seen to call nothing that may, nor a getter that is behind a
    pointer or is given nothing."""
    callee, hardly = call.callee, _HARDLY_TAKES.match(call.callee) is not None
    member = _LOCK_OF.fullmatch(call.arguments[0]) if call.arguments else None
    if member and member[1] not in {name for _, name in held.members(lock_objects())}:
        return False
    if not _sounds_so(callee) or (hardly and not (callee.isidentifier() and call.arguments)):
        return False
    if callee in lock_takers():
        return callee in lock_takers(held.resource.family.name)
    definitions = facts.index.resolve(callee, path) if depth else ()
    macro = macros_of(facts.index).of(callee, path) if depth and not definitions else None
    if macro is not None:
        return any(_may_take(one, macro.path, held, facts, depth - 1) for one in macro.graph.calls())
    wrapped = 0 if hardly else _WRAPPED
    return not definitions or any(_takes_inside(one, held, facts, depth - 1, wrapped) for one in definitions)


def _takes_inside(definition: Definition, held: Held, facts: TreeFacts, depth: int, wrapped: int) -> bool:
    """Whether a function calls what may take the lock; `wrapped` calls deep in whatever it calls, which need not sound so."""
    graph = facts.index.graph(definition)
    if graph is None:
        return True
    calls = [call for call in graph.calls() if not _NEVER_TAKES.search(call.callee)]
    plain = [call for call in calls if wrapped and call.direct and not _sounds_so(call.callee)]
    inner = (one for call in plain for one in facts.index.resolve(call.callee, definition.path))
    return any(_may_take(call, definition.path, held, facts, depth) for call in calls) or any(
        _takes_inside(one, held, facts, depth, wrapped - 1) for one in inner
    )


def _sounds_so(callee: str) -> bool:
    return _MAY_TAKE.search(callee) is not None and not _NEVER_TAKES.search(callee)


def _way(duty: UnheldDuty, reliance: Reliance) -> Path | NoPath:
    return _past(duty, reliance, duty.takers)


def _past(duty: UnheldDuty, reliance: Reliance, takers: Iterable[tuple[int, str]]) -> Path | NoPath:
    """A way to a reliance that passes none of some takers."""
    return way_to(duty.graph, reliance.node, {node for node, _ in takers} - {reliance.node})


def _hidden(duty: UnheldDuty) -> Iterator[Unfollowed]:
    """The reliances that no way comes to but past what by its name may have taken the lock: nobody knows."""
    lock = duty.held.resource.name
    for one in duty.reliances:
        if not refuted(_way(duty, one)) or not isinstance(_past(duty, one, duty.taken), Path):
            continue
        names = dict.fromkeys(name for node, name in duty.perhaps if one.node in duty.graph.behind((node,)))
        why = f"{next(iter(names), 'what is called')}() may have taken it"
        yield Unfollowed(one.call.line, f"whether {lock} is held at {one.call.callee}() cannot be seen: {why}")


def _may_break(duty: UnheldDuty) -> bool:
    """Whether the search could not refute every reliance: the others need no semantic patch."""
    return any(not refuted(_way(duty, reliance)) for reliance in duty.reliances)


def _suspect(duty: UnheldDuty, reliance: Reliance, text: str) -> Suspect:
    graph, file, lock = duty.graph, duty.definition.path, duty.held.resource.name
    node, path = graph.nodes[reliance.node], _way(duty, reliance)
    branch = last_branch(graph, path)
    what = f"{reliance.verb} {lock} of {duty.holding.name or 'the kernel'}"
    relies = Step(file, reliance.call.line, f"{reliance.call.callee}() {what}")
    told = Told(
        line=reliance.call.line,
        code=f"{lock}|{branch.condition}|{branch.taken}|{node.text}",
        message=f"{graph.name}() {what}, which its caller need not hold",
        breach=branch.breach(node.text, (), lock, duty.holding.name),
        evidence=(*branch_steps(graph, path, file), relies),
        doubts=tuple(_why_lower(duty, reliance)),
    )
    return Suspect(
        finding_of(duty, told, text),
        path,
        NoFix("whether the lock must be taken or the call must go is for a person to decide"),
    )


def _why_lower(duty: UnheldDuty, reliance: Reliance) -> Iterator[Doubt]:
    calls = (duty.held.resource.calls, duty.held.resource.family.calls)
    yield Confidence.MODERATE, f"callers that hold {duty.held.resource.name} all the same were not looked for"
    if reliance.verb is Verb.RELEASES and not any(
        reliance.call.callee in one.release + one.release_shared for one in calls
    ):
        yield Confidence.LOW, "a callee releases it, perhaps only for callers that say so"
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
