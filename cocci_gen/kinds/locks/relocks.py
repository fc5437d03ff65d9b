"""The kind `no_relock`, "takes a lock that its caller holds".

A method is looked at once per object whose lock the table promises: ->rename holds two directories, ->unlink the directory and
the victim.  Only functions for which the search finds such a call become duties; the semantic patch then finds the call that no
release precedes, and the path search asks whether a way leads there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.locks.held import Held
from cocci_gen.facts.locks.lock_objects import lock_objects
from cocci_gen.facts.locks.lock_outcomes import When
from cocci_gen.facts.locks.locks import Event, LockSearch
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined
from cocci_gen.kinds.locks.duty import Found, LockDuty, edited_duty, lock_duties
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

_WORD = re.compile(r"[A-Za-z_]\w*")
_PLAIN = re.compile(r"[\w\s.,&*()>\[\]-]+")
#: Drops a reference: what the last one does, a method does not reach while its caller holds another.
_PUT = re.compile(r"calls \w*put(?:_\w+)?\(\)$|calls \w*(?:dec_and_test|unref|release_ref)\w*\(\)$")


@dataclass(frozen=True, slots=True)
class RelockRule(StarringRule[LockDuty, tuple[Found, Event]]):
    """The kind `no_relock`."""

    kind: str = "no_relock"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[LockDuty, ...], tuple[Unexamined, ...]]:
        """The methods in which a call takes the lock again."""
        duties, missing = lock_duties(obligation, facts)
        return tuple(duty for duty in duties if any(one.behaviour.events for one in duty.found)), missing

    def semantic_patch(self, duty: LockDuty) -> SemanticPatch:
        """SmPL that stars every call which takes the lock and which no release precedes."""
        calls = sorted({event.call.callee for one in duty.found for event in one.behaviour.events})
        releases = sorted({_written(one) for found in duty.found for _, one in found.behaviour.releases})
        words = {word for text in releases for word in _WORD.findall(text.partition("(")[2])}
        local = {p.name for p in duty.graph.parameters} | {a.left for a in duty.graph.assignments()} | _fields(releases)
        local |= set(duty.held.resource.members)  # a global lock is named by itself; spatch would ask what it is
        context = {
            "mode": "report",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "calls": [call for call in calls if _WORD.fullmatch(call)] or _takers(duty.held),
            "releases": releases,
            "symbols": sorted(words & local),
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: LockDuty) -> Iterator[Place[tuple[Found, Event]]]:
        """The calls that take the lock; a call that takes that of two holdings counts once."""
        for one in duty.found:
            for event in one.behaviour.events:
                yield Place(event.node, (event.call.line,), (one, event), event.call.callee)

    def known(self, duty: LockDuty, places: list[Place[tuple[Found, Event]]]) -> list[Place[tuple[Found, Event]]]:
        """The calls to which a way leads."""
        return [place for place in places if isinstance(_way(duty, *place.what), Path)]

    def suspect(self, duty: LockDuty, place: Place[tuple[Found, Event]], text: str) -> Suspect:
        """What is wrong with one of them."""
        one, event = place.what
        return _suspect(duty, one, event, text)

    def again(self, duty: LockDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> LockDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return edited_duty(duty, definition, graph, facts)


def _private(duty: LockDuty, event: Event) -> bool:
    """Whether only names inside private data say that the lock is that of the object in hand."""
    if duty.held.object != "disk":
        return False
    objects = lock_objects()
    disks = [p.name for p in duty.graph.parameters if objects.of_type(p) in ("disk", "bdev")]
    return not any(set(_WORD.findall(argument)) & set(disks) for argument in event.call.arguments)


def _takers(held: Held) -> list[str]:
    """The plainest functions that take the lock: what is looked for where the search found no call."""
    own, family = held.resource.calls, held.resource.family.calls
    return list(own.take[:1] or family.take[:1] or own.take_shared[:1])


def _fields(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"(?:->|\.)(\w+)", text)}


def _written(call: Call) -> str:
    callee, arguments = call.callee, ", ".join(call.arguments)
    return f"{callee}({arguments})" if _PLAIN.fullmatch(arguments) else f"{callee}(...)"


def _way(duty: LockDuty, one: Found, event: Event) -> Path | NoPath:
    search = lock_objects().local_names(duty.graph, dict(one.holding.given))
    return LockSearch.way(duty.graph, event, one.behaviour, search, duty.held, {})


# How sure, and what to say.


def _suspect(duty: LockDuty, one: Found, event: Event, text: str) -> Suspect:
    node = duty.graph.nodes[event.node]
    path = _way(duty, one, event)
    branch, file, lock = last_branch(duty.graph, path), duty.definition.path, duty.held.resource.name
    start = Step(
        file,
        duty.definition.span.line,
        f"{duty.graph.name}() is called with {lock} of {one.holding.name} held",
    )
    told = Told(
        line=event.call.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}",
        message=_message(duty, one, event),
        breach=branch.breach(node.text, (), lock, one.holding.name),
        evidence=(start, *branch_steps(duty.graph, path, file), *event.steps),
        doubts=_why_lower(duty, one, event, path),
    )
    return Suspect(
        finding_of(duty, told, text),
        path,
        NoFix("whether the lock or the call is superfluous is for a person to decide"),
    )


def _message(duty: LockDuty, one: Found, event: Event) -> str:
    lock = duty.held.resource.name
    through = "" if len(event.steps) == 1 else f" through {event.call.callee}()"
    of = f" of {one.holding.name}" if duty.held.object else ""
    return f"{duty.graph.name}() takes {lock}{of}{through}, which its caller holds"


def _why_lower(duty: LockDuty, one: Found, event: Event, path: Path | NoPath) -> tuple[Doubt, ...]:
    mode = duty.obligation.mode
    reasons = []
    if mode is Mode.MAYBE:
        reasons.append((Confidence.LOW, "the table says that only some callers hold the lock"))
    shared = mode is Mode.SHARED or (mode in (Mode.HELD, Mode.EITHER) and duty.held.resource.family.name == "rwsem")
    if shared and event.shared:
        reasons.append((Confidence.LOW, "held and taken shared: it deadlocks only when a writer comes in between"))
    if event.transient:
        reasons.append((Confidence.LOW, f"{event.call.callee}() takes it only when a page fault is taken"))
    through = [step.note for step in event.steps if _PUT.search(step.note)]
    if through:
        reasons.append((Confidence.LOW, f"{through[0]}: taken only with the last reference"))
    if _private(duty, event):
        reasons.append(
            (Confidence.MODERATE, f"only names tell that the private data of {one.holding.name} lead back to it")
        )
    if one.holding.only:
        reasons.append((Confidence.MODERATE, f"{one.holding.name} is locked only {one.holding.only}"))
    passed = set(path.nodes[:-1]) if isinstance(path, Path) else set[int]()
    for part in one.behaviour.parts:
        if part.node in passed and part.when is When.SOMETIMES:
            reasons.append((Confidence.LOW, f"{part.call.callee}() releases it on some of its ways"))
    if not event.sure:
        reasons.append((Confidence.LOW, "only one of several definitions takes it, or one on the way did not parse"))
    if not duty.graph.whole:
        reasons.append((Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"))
    return tuple(reasons)
