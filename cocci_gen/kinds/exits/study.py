"""A PageDuty and its Machine -> Study: to which returns a feasible way leads that breaks the rule, and what goes wrong before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.code.searches.explorations import Arrival, Exploration, Wronged
from cocci_gen.code.searches.machines import RETURN, Event, Machine, Outcome
from cocci_gen.code.searches.paths import Decision, NoPath, Path
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import POSITIVE, ZERO, Facts, may_be_nonzero, sound
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.kinds.exits.machines import HANDED, IDLE, LODGED, UNSEEN
from cocci_gen.kinds.page_duty import PageDuty

#: Stops at one node from which is looked ahead.
_LOOKED_AT = 12

Accept = Callable[[Arrival], bool]
_ALL: frozenset[Decision] = frozenset()
#: Where another function looks after the page, or nobody can tell.
_ELSEWHERE = frozenset({UNSEEN, LODGED, HANDED})


def anything(_arrival: Arrival) -> bool:
    """Asks no more of an arrival."""
    return True


def may_be_success(arrival: Arrival) -> bool:
    """Whether a return may hand back zero."""
    return bool(arrival.result.signs & ZERO)


@dataclass(slots=True)
class Study:
    """What the search finds in one duty; `exempt` are the returned values that the contract excuses."""

    duty: PageDuty
    machine: Machine
    exempt: tuple[str, ...]

    def explored(self, excused: Collection[Decision] = _ALL, over: int = -1) -> Exploration:
        """The search, by none of the excused branches; the duty keeps it for whoever asks again."""
        key = (self.machine.name, frozenset(excused), over)
        if key not in self.duty.explored:
            self.duty.explored[key] = self._explore(*key[1:])
        return self.duty.explored[key]

    def _explore(self, excused: frozenset[Decision], over: int) -> Exploration:
        duty, graph = self.duty, self.duty.graph
        branches = [(graph.nodes[decision.node], decision.label) for decision in excused]

        def refused(node: Node, label: str) -> bool:
            return any(node is test and label == taken for test, taken in branches)

        known = duty.given if duty.starts else (*duty.given, *sound(duty.resource_name))
        state = IDLE if duty.starts else self.machine.start
        kept = frozenset({duty.resource_name}) if duty.starts else frozenset[str]()
        return explore(Question(graph, self.machine, duty.events, state, 0, known, refused, over, kept))

    def breaks(self, arrival: Arrival) -> bool:
        """Whether an arrival leaves the duty undone, and the value returned is no excuse."""
        return (
            arrival.state in self.machine.open
            and arrival.result.constant not in self.exempt
            and not (self.duty.lent and arrival.result.signs & POSITIVE)
            and (not self.duty.starts or may_be_nonzero(arrival.facts, self.duty.resource_name))
        )

    def arrival(
        self, number: int, accept: Accept = anything, excused: Collection[Decision] = _ALL, over: int = -1
    ) -> Arrival | None:
        """The first breaking arrival at a return that is accepted."""
        found = self.explored(excused, over)
        return found.first(
            number, lambda one: self.breaks(one) and accept(one) and (over < 0 or one.stop.passed or one.node == over)
        )

    def way(
        self, number: int, accept: Accept = anything, excused: Collection[Decision] = _ALL, over: int = -1
    ) -> Path | NoPath:
        """The way to that arrival; NoPath is a proof under the model."""
        arrival = self.arrival(number, accept, excused, over)
        if arrival is None:
            return NoPath(exhausted=True)
        return self.explored(excused, over).path(arrival.stop)

    def says(self, arrival: Arrival) -> str:
        """What is wrong with an arrival."""
        return self.machine.says(arrival.state, RETURN)

    def wrongs(self) -> tuple[Wronged, ...]:
        """The steps that are wrong in themselves, one per node and wrong.  Whoever takes the page over behind a call that unlocks
        it on some of its ways, told apart by nothing, is called for the other ways."""
        return tuple(one for one in self.explored().wrongs if not self._hands_over_unsure(one))

    def _hands_over_unsure(self, one: Wronged) -> bool:
        """Whether a wrong step hands the page over, and a step before it may have left it locked."""
        left = {each.state for each in one.event.outcome(self.machine.start, ()).exits}
        if not left or not left <= {HANDED, LODGED}:
            return False
        before = self.explored().stops(one.stop)[:-1]
        steps = ((stop, event) for stop in before for event in self.duty.events.get(stop.node, ()))
        return any(event.outcome(stop.state, stop.facts).ambiguous for stop, event in steps)

    def done(self) -> frozenset[int]:
        """The nodes that some way comes to with its duty done, or with another to look after the page."""
        states = self.explored().states
        return frozenset(number for number, every in states.items() if every - self.machine.open - {IDLE})

    def idle(self, number: int) -> bool:
        """Whether a function that takes its pages itself comes to a node with none in its hands."""
        if not self.duty.starts:
            return False
        return any(
            stop.node == number and (stop.state == IDLE or not may_be_nonzero(stop.facts, self.duty.resource_name))
            for stop in self.explored().before
        )

    def only_breaks(self, number: int) -> bool:
        """Whether from a node on every way breaks the rule, whatever brought it there: what is added there is done once."""
        graph = self.duty.graph
        here = [stop for stop in self.explored().before if stop.node == number and stop.state in self.machine.open]
        for stop in here[:_LOOKED_AT]:
            question = Question(graph, self.machine, self.duty.events, stop.state, number, stop.facts)
            if not all(one.state in self.machine.open for one in explore(question).arrivals):
                return False
        return True

    # Touches: what always ends a way, and what does so sometimes.

    def always(self, touch: Touch) -> bool:
        """Whether behind a touch the duty is done, or another's, whatever the callee returns."""
        events = [one for one in self.duty.events.get(touch.node, ()) if _is_of(one, touch)]
        states = self.machine.open
        return any(all(not self._leaves_open(event, state, ()) for state in states) for event in events)

    def _leaves_open(self, event: Event, state: str, facts: Facts) -> bool:
        return any(one.state in self.machine.open for one in event.outcome(state, facts).exits)

    def unsure(self, arrival: Arrival, excused: Collection[Decision] = _ALL) -> tuple[Event, ...]:
        """The steps on the way to an arrival that do what is owed on some of their own ways, and do not say on which."""
        found = []
        for stop in self.explored(excused).stops(arrival.stop):
            for event in self.duty.events.get(stop.node, ()):
                if _undecided(event.outcome(stop.state, stop.facts), self.machine.open):
                    found.append(event)
        return tuple(found)

    def undecided(self) -> Iterable[tuple[int, str]]:
        """(line, why) of returns to which every way leads through what cannot be seen, or a way where no other one does what is
        owed itself; and of a search that had to forget."""
        found, graph = self.explored(), self.duty.graph
        arrivals: dict[int, list[Arrival]] = {}
        for arrival in found.arrivals:
            arrivals.setdefault(arrival.node, []).append(arrival)
        for number, every in sorted(arrivals.items()):
            states = {one.state for one in every}
            hidden = next((one for one in every if one.state in (UNSEEN, LODGED)), None)
            if hidden is not None and states <= _ELSEWHERE and (why := self._hides(hidden)):
                which = "every way" if HANDED not in states else "a way"
                yield graph.nodes[number].line, f"what {which} to this return passes cannot be seen through: {why}"
        if found.merged:
            yield self.duty.definition.span.line, "too many ways: values were forgotten to come to an end"

    def _hides(self, arrival: Arrival) -> str:
        """What on the way to an arrival cannot be seen through; of the function where it is not a step of its own."""
        unclear, stops = self.explored().unclear, self.explored().stops(arrival.stop)
        if arrival.state == LODGED:
            return next((touch.note for stop in stops for touch in self._lodging(stop.node)), "")
        passed = (unclear[stop.node] for stop in stops if stop.node in unclear)
        return next(passed, next(iter(unclear.values()), ""))

    def _lodging(self, number: int) -> Iterable[Touch]:
        """What puts the page into a structure at a node."""
        return (touch for touch in self.duty.touches if touch.node == number and "escape" in touch.marks)


def _is_of(event: Event, touch: Touch) -> bool:
    return touch.callee == (event.call.callee if event.call is not None else "")


def _undecided(outcome: Outcome, open_: frozenset[str]) -> bool:
    """Whether a step leaves the duty open and done with results that do not tell the two apart."""
    left = [one for one in outcome.exits if one.state in open_]
    done = [one for one in outcome.exits if one.state not in open_]
    return any(one.result.meets(other.result) for one in left for other in done)
