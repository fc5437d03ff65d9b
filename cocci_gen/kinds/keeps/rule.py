"""The kind `keeps_locked`, "called with the page locked, and returns with it locked".

Two ways to break it: a return behind an unlock that nothing takes back, and a call that locks the page which the caller
has locked already (it sleeps for ever).  A failing trylock does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.explorations import Arrival, Exploration, Stop, Wronged
from cocci_gen.code.searches.machines import RETURN, Event, Machine, Move, Wrong
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import sound
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.facts.pages.summaries import summaries
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.findings.findings import Confidence, Doubt, NoFix, Step
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
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.unseen import forgotten, told_of

_PAGE = re.compile(r"^(?:const )?struct (page|folio) \*$")
_WORD = re.compile(r"^\w+$")
_UNLOCKED, _RELOCKED = "unlocked", "relocked"

#: The page comes locked and goes locked.  Who locks it once more has slept for ever (or it is another page): what is released
#: behind that is blamed on the lock.
KEEPS = Machine(
    "keeps",
    "held",
    (
        Move("held", "release", "free"),
        Move("held", "take", "own"),
        Move("free", "take", "held"),
        Move("own", "release", "held"),
        Move("held", "lost", "other"),
        Move("free", "lost", "other"),
    ),
    (Wrong("free", RETURN, _UNLOCKED), Wrong("held", "take", _RELOCKED)),
)


@dataclass(frozen=True, slots=True)
class KeepDuty(Duty):
    """A function and one page that it must keep locked, with what it does to the lock, as touches and as steps of the machine."""

    name: str
    word: str
    names: frozenset[str]
    touches: tuple[Touch, ...] = ()
    events: Mapping[int, tuple[Event, ...]] = field(default_factory=dict, compare=False, repr=False)

    def explored(self) -> Exploration:
        """Every way through the function."""
        return explore(Question(self.graph, KEEPS, self.events, KEEPS.start, known=sound(self.name)))

    def with_mark(self, mark: str) -> tuple[Touch, ...]:
        """The calls that may do this to the lock."""
        return tuple(touch for touch in self.touches if mark in touch.marks)


@dataclass(frozen=True, slots=True)
class KeepRule(StarringRule[KeepDuty, Arrival | Wronged]):
    """The kind `keeps_locked`."""

    kind: str = "keeps_locked"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[KeepDuty, ...], tuple[Unexamined, ...]]:
        """One duty per page parameter of each implementation that does anything to the lock."""
        implementations, lost = implementations_of(obligation, facts.index)
        every, missing = parted(duty for one in implementations for duty in _duties(obligation, one, facts))
        duties = tuple(duty for duty in every if duty.with_mark("release") or duty.with_mark("take"))
        merged = (told_of(obligation, one.definition, forgotten(one.graph, one.explored())) for one in duties)
        return duties, (*lost, *missing, *(line for lines in merged for line in lines))

    def semantic_patch(self, duty: KeepDuty) -> SemanticPatch:
        """SmPL that stars returns behind an unlock, and calls that lock the page."""
        return render(self.kind, duty.obligation.id, _context(duty, "report"))

    def places(self, duty: KeepDuty) -> Iterator[Place[Arrival | Wronged]]:
        """The returns that leave the page unlocked, and the calls that lock it."""
        seen = duty.explored()
        for wronged in seen.wrongs:
            yield Place(wronged.event.node, (wronged.event.line,), wronged, wronged.words)
        for number, node in enumerate(duty.graph.nodes):
            arrival = _unlocked(seen, number) if node.kind == "return" else None
            if arrival is not None:
                yield Place(number, (node.line,), arrival)

    def suspect(self, duty: KeepDuty, place: Place[Arrival | Wronged], text: str) -> Suspect:
        """What is wrong at one of them."""
        if isinstance(place.what, Wronged):
            return _taken_again(duty, duty.explored(), place.what, text)
        return _left_unlocked(duty, duty.explored(), place.what, text)

    def again(self, duty: KeepDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> KeepDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _examined(replace(duty, definition=definition, graph=graph), facts)


def _unlocked(seen: Exploration, number: int) -> Arrival | None:
    return seen.first(number, lambda arrival: KEEPS.says(arrival.state, RETURN) != "")


def _duties(obligation: Obligation, one: Implementation, facts: TreeFacts) -> Iterator[KeepDuty | Unexamined]:
    graph = bound_graph(obligation, one.definition, facts.index)
    if isinstance(graph, Unexamined):
        yield graph
        return
    if not any(_PAGE.match(parameter.type) and parameter.name for parameter in graph.parameters):
        yield unexamined(obligation, one.definition, "has no page or folio parameter")
    for parameter in graph.parameters:
        match = _PAGE.match(parameter.type)
        if match and parameter.name:
            listed = registrations(one.entries)
            duty = KeepDuty(obligation, one.definition, graph, listed, (), parameter.name, match.group(1), frozenset())
            yield _examined(duty, facts)


def _examined(duty: KeepDuty, facts: TreeFacts) -> KeepDuty:
    """The duty with what its function does to the lock."""
    names, path = aliases(duty.graph, duty.name), duty.definition.path
    touches = tuple(touch for touch in facts.effects.touches(duty.graph, path, names) if touch.callee)
    events = summaries(facts.effects, KEEPS).events(duty.graph, path, names)
    return replace(duty, names=names, touches=touches, events=events)


# What to say.


def _left_unlocked(duty: KeepDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    event = _releasing(duty, seen, arrival)
    node = duty.graph.nodes[arrival.node]
    message = f"{duty.graph.name}() returns with the {duty.word} unlocked, which its caller keeps locked"
    missing = ("folio_lock" if duty.word == "folio" else "lock_page",)
    plan = _plan(duty, event)
    return _suspect(duty, seen.path(arrival.stop), event, (node, node.line, message, missing), text, plan)


def _taken_again(duty: KeepDuty, seen: Exploration, one: Wronged, text: str) -> Suspect:
    message = f"{duty.graph.name}() locks the {duty.word}, which its caller has locked"
    plan = NoFix("whether the lock or its caller is wrong is for a person to decide")
    node = duty.graph.nodes[one.event.node]
    return _suspect(duty, seen.path(one.stop), one.event, (node, one.event.line, message, ()), text, plan)


def _releasing(duty: KeepDuty, seen: Exploration, arrival: Arrival) -> Event:
    """The last step of a way that gave the lock up."""
    stops: tuple[Stop, ...] = seen.stops(arrival.stop)
    behind = (*(stop.state for stop in stops[1:]), arrival.state)
    moved = [stop for stop, state in zip(stops, behind, strict=True) if state == "free" and stop.state != "free"]
    events = duty.events[moved[-1].node]
    return next((one for one in events if any(e.state == "free" for e in one.outcome("held", ()).exits)), events[-1])


def _suspect(
    duty: KeepDuty,
    path: Path,
    event: Event,
    what: tuple[Node, int, str, tuple[str, ...]],
    text: str,
    plan: FixPlan | NoFix,
) -> Suspect:
    node, line, message, missing = what
    file, graph = duty.definition.path, duty.graph
    branch = last_branch(graph, path)
    start = Step(file, duty.definition.span.line, f"{graph.name}() is called with {duty.name} locked")
    touch = _touch(duty, event)
    told = Told(
        line=line,
        code=f"{branch.condition}|{branch.taken}|{duty.name}|{node.text}",
        message=message,
        breach=branch.breach(node.text or "the end of the function", missing, duty.word, duty.name),
        evidence=(start, *branch_steps(graph, path, file), Step(file, event.line, touch.note)),
        doubts=_why_lower(duty, touch),
    )
    return Suspect(finding_of(duty, told, text), path, plan)


def _touch(duty: KeepDuty, event: Event) -> Touch:
    """The touch that a step is."""
    callee = event.call.callee if event.call is not None else ""
    return next(one for one in duty.touches if one.node == event.node and one.callee == callee)


def _why_lower(duty: KeepDuty, touch: Touch) -> tuple[Doubt, ...]:
    reasons = []
    if touch.callee not in call_vocabulary().marks:
        reasons.append((Confidence.MODERATE, f"{touch.callee}() may do so on some of its paths only"))
    if touch.marks & {"unknown", "escape", "hand_on"}:
        reasons.append((Confidence.LOW, f"{touch.callee}() also does what cannot be seen through"))
    if not duty.graph.whole:
        reasons.append((Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"))
    return tuple(reasons)


def _plan(duty: KeepDuty, event: Event) -> FixPlan | NoFix:
    """Drop the only unlock of a function that never locks."""
    node, call = duty.graph.nodes[event.node], event.call
    written = "" if call is None else f"{call.text};"
    known = call is not None and call.callee in call_vocabulary().marks
    if duty.with_mark("take") or len(duty.with_mark("release")) != 1 or node.text != written or not known:
        return NoFix("the unlock is not the only one, or not a call of its own")
    return FixPlan(render("keeps_locked", duty.obligation.id, _context(duty, "fix", drops=written)), event.line)


def _context(duty: KeepDuty, mode: str, **more: object) -> dict[str, object]:
    def names(touches: Iterable[Touch]) -> list[str]:
        return sorted({touch.callee for touch in touches if _WORD.match(touch.callee)})

    release, take = ("folio_unlock", "folio_lock") if duty.word == "folio" else ("unlock_page", "lock_page")
    takes = [touch for touch in duty.with_mark("take") if "release" not in touch.marks and "trylock" not in touch.note]
    return {
        "mode": mode,
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "releases": sorted({release, *names(duty.with_mark("release"))}),
        "takes": sorted({take, *names(takes)}),
        "symbols": sorted(n for n in duty.names if n.isidentifier()) if more else [],
        **more,
    }
