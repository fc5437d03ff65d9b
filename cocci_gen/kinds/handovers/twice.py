"""What a function has taken for its caller, and gives back twice -> Twice, the second release on each way to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from cocci_gen.code.searches.explorations import Exploration, Wronged
from cocci_gen.code.searches.machines import Event, Machine, Move, Wrong
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.pages.summaries import summaries
from cocci_gen.findings.findings import Confidence, Doubt
from cocci_gen.kinds.handovers.takings import Taking, Thing

_TWICE = "released twice"
#: What may be another's by now is looked at no more: the second release is wrong where nobody else had it.
RELEASES = Machine(
    "releases",
    "idle",
    (
        Move("idle", "begin", "held"),
        Move("free", "begin", "held"),
        Move("held", "release", "free"),
        Move("free", "take", "held"),
        *(Move(state, mark, "idle") for state in ("held", "free") for mark in ("escape", "hand_on", "unknown", "lost")),
    ),
    (Wrong("free", "release", _TWICE),),
)


@dataclass(frozen=True, slots=True)
class Twice:
    """The second release of what `taking` took: its node, line and callee, the way there with what was done first, and what
    speaks against it."""

    taking: Taking
    node: int
    line: int
    words: str
    path: Path
    first: tuple[tuple[int, str], ...]
    doubts: tuple[Doubt, ...]


def released_twice(thing: Thing, given: Facts) -> tuple[Twice, ...]:
    """The calls that release what is released already."""
    taking, graph, known = thing.taking, thing.graph, summaries(thing.facts.effects, RELEASES)
    events = known.events(graph, thing.taker.path, thing.names)
    begun = () if taking.label else (known.step(taking.node, None, ("begin",), f"{taking.callee}()"),)
    steps = {**events, taking.node: (*events.get(taking.node, ()), *begun)}
    turns = {} if begun else {(taking.node, taking.label): "begin"}
    kept = frozenset({taking.name})
    found = explore(Question(graph, RELEASES, steps, RELEASES.start, known=given, kept=kept, turns=turns))
    wrongs = () if found.merged else found.wrongs
    return tuple(
        Twice(taking, one.event.node, one.event.line, one.words, found.path(one.stop), *_seen(thing, found, one, steps))
        for one in wrongs
        if one.event.call is not None and one.event.call.direct
    )


def _seen(
    thing: Thing, found: Exploration, one: Wronged, steps: Mapping[int, tuple[Event, ...]]
) -> tuple[tuple[tuple[int, str], ...], tuple[Doubt, ...]]:
    """Where it was released first, and the doubts."""
    stops, doubts = found.stops(one.stop), list[Doubt]()
    first = [here.node for here, there in pairwise(stops) if (here.state, there.state) == ("held", "free")][-1:]
    told = tuple((event.line, event.note) for node in first for event in steps.get(node, ())[-1:])
    if one.event.call is not None and one.event.call.callee not in call_vocabulary().marks:
        doubts.append((Confidence.MODERATE, f"{one.words}: the callee may do so on some of its ways only"))
    if len({stop.node for stop in stops}) < len(stops):
        doubts.append((Confidence.LOW, "the way goes through a loop, and the page may be another one then"))
    if not thing.graph.whole:
        doubts.append((Confidence.MODERATE, f"a part of {thing.graph.name}() did not parse"))
    unsure = (
        event
        for stop in stops[:-1]
        for event in steps.get(stop.node, ())
        if event.outcome(stop.state, stop.facts).ambiguous
    )
    doubts += [(Confidence.LOW, f"{event.note} at line {event.line} does so on some of its ways") for event in unsure]
    return told, tuple(dict.fromkeys(doubts))
