"""The kind `must_call` where the call ends what the method was given: ->issue_read and ->issue_write of netfs_request_ops.

A request that a method is given is ended by a call named in the obligation, on every way, or it is handed to somebody who does
that when the I/O is done.  A way that returns without either leaves those waiting who wait for the request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.code.searches.machines import RETURN, Event, Machine, Move, Wrong
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import nonzero
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.facts.calls.page_calls import CallVocabulary, call_vocabulary
from cocci_gen.facts.calls.page_places import aliases
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.pages.summaries import summaries
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
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
from cocci_gen.kinds.page_duty import resource_parameter
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.takes.words.things import things
from cocci_gen.kinds.unseen import Unfollowed, forgotten, told_of, unseen_returns

#: What a request is a part of: `op = container_of(request, struct op, request)`.
_CONTAINER = re.compile(r"container_of ?\((\w+), ?(?:struct )?\w+, ?(\w+)\)")

#: The two words for the same.
_PAGES = ("folio", "page")

ENDED = Machine(
    "ended",
    "owed",
    (
        Move("owed", "release", "done"),
        *(Move("owed", mark, "handed on") for mark in ("escape", "hand_on", "lost")),
        Move("owed", "unknown", "unseen"),
    ),
    (Wrong("owed", RETURN, "unended"),),
)


@dataclass(frozen=True, slots=True)
class EndedDuty(Duty):
    """A method, the parameter that it is to end, and what its nodes do to it."""

    name: str
    events: Mapping[int, tuple[Event, ...]] = field(default_factory=dict, compare=False, repr=False)

    def explored(self) -> Exploration:
        """Every way through the function."""
        return explore(Question(self.graph, ENDED, self.events, ENDED.start, known=nonzero(self.name)))

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first way on which the request is neither ended nor handed on."""
        return seen.firsts(lambda one: one.state in ENDED.open)

    def unfollowed(self, seen: Exploration) -> Iterator[Unfollowed]:
        """The returns behind what hides whether the request was ended."""
        yield from unseen_returns(self.graph, seen, frozenset({"unseen"}))
        yield from forgotten(self.graph, seen)


@dataclass(frozen=True, slots=True)
class EndedRule(StarringRule[EndedDuty, Arrival]):
    """The kind `must_call` for obligations of mode `ended`."""

    kind: str = "must_call"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[EndedDuty, ...], tuple[Unexamined, ...]]:
        """The methods with a way to a return that ends nothing."""
        if obligation.mode is not Mode.ENDED:
            return (), ()
        implementations, lost = implementations_of(obligation, facts.index)
        if not facts.index.search(rf"\b({'|'.join(obligation.names)})\b"):
            why = f"the document names {' or '.join(obligation.names)}(), and no code of this tree does"
            return (), (*lost, *(unexamined(obligation, one.definition, why) for one in implementations))
        found = (_duty(obligation, one.definition, facts) for one in implementations)
        named = {one.definition: registrations(one.entries) for one in implementations}
        duties, missing = parted(found)
        bound = tuple(replace(duty, registrations=named[duty.definition]) for duty in duties)
        seen = [(duty, duty.explored()) for duty in bound]
        unseen = (line for duty, found in seen for line in told_of(obligation, duty.definition, duty.unfollowed(found)))
        return tuple(duty for duty, found in seen if duty.breaches(found)), (*lost, *missing, *unseen)

    def semantic_patch(self, duty: EndedDuty) -> SemanticPatch:
        """SmPL that stars the returns that no such call precedes."""
        names = {c.callee for every in duty.events.values() for e in every if (c := e.call) is not None and _moves(e)}
        context = {
            "mode": "report",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "names": sorted(duty.obligation.names),
            "stops": sorted(name for name in names - set(duty.obligation.names) if name.isidentifier()),
            "members": [],
            "flags": [],
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: EndedDuty) -> Iterator[Place[Arrival]]:
        """The returns that leave the request open."""
        for one in duty.breaches(duty.explored()):
            yield Place(one.node, (duty.graph.nodes[one.node].line,), one)

    def suspect(self, duty: EndedDuty, place: Place[Arrival], text: str) -> Suspect:
        """What is wrong at one of them."""
        return _suspect(duty, duty.explored(), place.what, text)

    def again(self, duty: EndedDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> EndedDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _examined(replace(duty, definition=definition, graph=graph), facts)


def _duty(obligation: Obligation, definition: Definition, facts: TreeFacts) -> EndedDuty | Unexamined:
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    position = resource_parameter(graph, _PAGES if obligation.resource in _PAGES else (obligation.resource,))
    if position is None:
        return unexamined(obligation, definition, f"has no parameter struct {obligation.resource} *")
    return _examined(EndedDuty(obligation, definition, graph, (), (), graph.parameters[position].name), facts)


def _examined(duty: EndedDuty, facts: TreeFacts) -> EndedDuty:
    names = set(aliases(duty.graph, duty.name))
    for one in duty.graph.assignments():
        whole = _CONTAINER.fullmatch(one.right)
        if whole and whole[1] in names:
            names |= {one.left, f"&{one.left}->{whole[2]}"}
    effects = _effects(duty.obligation, facts.index)
    known = summaries(effects, ENDED)
    events = known.events(duty.graph, duty.definition.path, names)
    kept = {number: tuple(e for e in every if e.marks != ("lost",)) for number, every in events.items()}
    for number, call in _by_private_data(duty.graph, names):
        if not kept.get(number):
            kept[number] = (known.step(number, call, ("hand_on",), f"{call.callee}() may find it by its private data"),)
    return replace(duty, events={number: every for number, every in kept.items() if every})


def _by_private_data(graph: Graph, names: Collection[str]) -> Iterator[tuple[int, Call]]:
    """The calls that are given what the caller of a method hands through from another one, `void *fsdata`, and not the request
    itself: it may stand there."""
    private = {one.name for one in graph.parameters if one.type == "void *"}
    private |= {one.left for one in graph.assignments() if one.right in private}
    for number, node in enumerate(graph.nodes):
        yield from ((number, c) for c in node.calls if private & set(c.arguments) and not set(names) & set(c.arguments))


def _no_effects(_index: KernelIndex) -> dict[tuple[str, ...], Effects]:
    return {}


def _effects(obligation: Obligation, index: KernelIndex) -> Effects:
    """What functions do to a request that is ended by the names of the obligation."""
    known = shared(index, _no_effects)
    if obligation.names not in known:
        pages = obligation.resource in _PAGES
        known[obligation.names] = Effects(index, _of_pages() if pages else _vocabulary(obligation.names))
    return known[obligation.names]


def _vocabulary(names: Iterable[str]) -> CallVocabulary:
    pages, none = call_vocabulary(), frozenset[str]()
    marks = {name: frozenset({"release"}) for name in names}
    return replace(pages, marks=marks, neutral=frozenset({"container_of"}), tag=none, took_nonzero=none, took_zero=none)


def _of_pages() -> CallVocabulary:
    """What is done to a page that is counted: nobody has to take another reference first."""
    return things()["page"].vocabulary


def _moves(event: Event) -> bool:
    return all(one.state != "owed" for one in event.outcome("owed", ()).exits)


# What to say.


def _suspect(duty: EndedDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    graph, file, node = duty.graph, duty.definition.path, duty.graph.nodes[arrival.node]
    path = seen.path(arrival.stop)
    branch = last_branch(graph, path).told()
    when = f" when `{branch.condition}` is {'true' if branch.taken else 'false'}" if branch.condition else ""
    calls = " or ".join(f"{name}()" for name in duty.obligation.names)
    start = Step(file, duty.definition.span.line, f"{graph.name}() is given {duty.name}, which {calls} ends")
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}",
        message=f"{graph.name}() neither ends {duty.name} nor hands it on{when}",
        breach=branch.breach(node.text or "the end of the function", duty.obligation.names, "request", duty.name),
        evidence=(start, *branch_steps(graph, path, file), Step(file, node.line, f"`{node.text or '}'}` is reached")),
        doubts=tuple(_why_lower(duty, seen, arrival)),
    )
    return Suspect(finding_of(duty, told, text), path, NoFix("with which error it ends is for a person to decide"))


def _why_lower(duty: EndedDuty, seen: Exploration, arrival: Arrival) -> Iterator[Doubt]:
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
    for stop in seen.stops(arrival.stop):
        for event in duty.events.get(stop.node, ()):
            if event.outcome("owed", stop.facts).ambiguous:
                yield Confidence.MODERATE, f"{event.note} at line {event.line} ends it on some of its ways"
