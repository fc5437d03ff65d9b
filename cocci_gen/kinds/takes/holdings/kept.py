"""A return that keeps what the function has taken -> Kept, and why to give it back there would be half a repair."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.kinds.absent import sets
from cocci_gen.kinds.ends import gives_by_name
from cocci_gen.kinds.takes.holdings.holding import AGAIN, RETAKEN, TAKES, Holding, fails, may_give_back
from cocci_gen.kinds.takes.holdings.locked import StateHolding

#: No member of something: `nb->bh` is another thing than `bh`.
OWN_NAME = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")

#: A test that asks of a thing no more than whether it is there.
_THERE = re.compile(r"(?:IS_ERR(?:_OR_NULL)? ?\()?(\w+)\)?(?: [!=]= NULL)?")


@dataclass(frozen=True, slots=True)
class Kept:
    """A return with a thing in hand: what was taken, every way through the function, the first of them to the return; `beside` is
    what else was taken of the same.  `forgotten` tells that the return fails in nothing and is the only one that keeps it,
    or one of the `told` that all do, and `perhaps` of something that may be kept to it as well, which nobody can see; `others`
    are the other things that the function takes."""

    holding: Holding
    seen: Exploration
    arrival: Arrival
    beside: tuple[Holding, ...] = ()
    forgotten: bool = False
    perhaps: str = ""
    told: frozenset[int] = frozenset()
    others: tuple[Holding, ...] = ()

    @property
    def graph(self) -> Graph:
        """The function."""
        return self.holding.graph

    def owes(self, arrival: Arrival, holding: Holding | None = None) -> bool:
        """Whether a return is come to with the thing (or what else is taken of it) in hand, and must not be."""
        if self.forgotten:
            return arrival.node in {self.arrival.node, *self.told} and arrival.state in TAKES.open
        return (holding or self.holding).keeps(arrival)


def is_out_of_hand(kept: Kept, step: int, number: int) -> bool:
    """Whether what a step gives back is another thing of the function's own, or what it takes of something, and no way to a
    second step has it in hand, as all are followed: it was not taken by then, or has been given back."""
    giving = [call for call in kept.graph.nodes[step].calls if gives_by_name(call)]
    for one in kept.others:
        released = {event.call for event in one.events.get(step, ()) if may_give_back(event)}
        own = type(one) is StateHolding or _is_set_by_taking(one)  # of the others it may be the callers'
        if len(giving) == 1 and giving[0] in released and own:
            return one.explored().at(number) <= {"idle", "back"}
    return False


def _is_set_by_taking(holding: Holding) -> bool:
    """Whether a thing stands in a plain variable of the function into which nothing else is put: what is in it was taken here."""
    graph, name, takers = holding.graph, holding.name, {number for number, _ in holding.takers}
    if not name.isidentifier() or name in {one.name for one in graph.parameters}:
        return False
    return all(
        number in takers or all(one.right == "NULL" for one in node.assignments if one.left == name)
        for number, node in enumerate(graph.nodes)
        if sets(node, name)
    )


def leads_on(kept: Kept, number: int) -> bool:
    """Whether a way goes by a step with the thing in hand on to the return: what is known there may exclude that."""
    stops = (stop for stop in kept.seen.before if stop.node == number and stop.state in TAKES.open)
    behind = (one for found in kept.holding.onward(stops) for one in found.arrivals)
    return any(one.node == kept.arrival.node and kept.owes(one) for one in behind)


def kept_here_alone(holding: Holding, seen: Exploration, arrival: Arrival) -> bool:
    """Whether a lock is kept to one return alone, to which ways lead that fail and others that do not, and all others that do not
    fail have given it back, be it to the same return: so must all to this one."""
    if not holding.thing.is_lock:
        return False
    _, others = _parted(seen, arrival.node)
    elsewhere = {one.state for one in others if not holding.keeps(one)}
    # Who gives it back only where he fails has taken it for his caller.
    given_back = any(one.state == "back" and not fails(holding.graph, one) for one in seen.arrivals)
    return given_back and kept_by_success_too(holding, seen, arrival) and elsewhere.isdisjoint(TAKES.open)


def kept_by_success_too(holding: Holding, seen: Exploration, arrival: Arrival) -> bool:
    """Whether ways that fail in nothing come to the same return with the thing in hand, too."""
    return any(not holding.keeps(one) for one in _parted(seen, arrival.node)[0])


def _parted(seen: Exploration, node: int) -> tuple[list[Arrival], list[Arrival]]:
    """The ways to a return with the thing in hand, and those to others."""
    at = [one for one in seen.arrivals if one.node == node and one.state in TAKES.open]
    return at, [one for one in seen.arrivals if one.node != node]


def half_a_repair(kept: Kept) -> str:
    """Why to give the thing back before the return would leave something wrong, or hide it; "" where it would not."""
    if _kept_by_success(kept):
        return "some ways that do not fail keep it too, and whether they may is for a person to decide"
    if any(one.says == RETAKEN and AGAIN not in one.event.marks for one in kept.holding.twice(kept.seen)):
        return "another way takes it again with it in hand: a release ahead of both may be missing"
    if _given_up_unseen(kept):
        return "it is given up right where it was got: the test may be the wrong way round"
    if other := _another_released(kept):
        return f"`{other}` gives back what this way has not taken: it may be meant for this one"
    if counted := _counted_for_others(kept):
        return f"`{counted}` counts it once more for others: whether ways behind that keep the first is for a person to decide"
    return ""


def _counted_for_others(kept: Kept) -> str:
    """A call on ways that have handed the thing over that counts it once more, behind the taking: what is handed over may be that
    second reference, and the first is lost on these ways too; "" for none."""
    holding, takers = kept.holding, {number for number, _ in kept.holding.takers}
    counting = holding.thing.taking | holding.thing.same if holding.thing.kept == "referenced" else frozenset[str]()
    behind = kept.graph.behind(takers)
    found = [
        (number, call.text)
        for number in sorted(behind)
        for call in kept.graph.nodes[number].calls
        if call.callee in counting and holding.is_given(call)
    ]
    handed = (one for one in kept.seen.arrivals if found and one.state in ("gone", "unseen"))
    gone = [kept.seen.path(one.stop).nodes for one in handed]
    return next((text for number, text in found if any(number in nodes for nodes in gone)), "")


def _kept_by_success(kept: Kept) -> bool:
    """Whether ways on which nothing fails keep the thing, and do not return it: those that fail are half of the leak."""
    holding = kept.holding
    if holding.takes_for_callers(kept.seen, kept.arrival):
        return False
    handing = {n for n, node in enumerate(kept.graph.nodes) if holding.names & set(OWN_NAME.findall(node.returned))}
    told = {one.node for one in holding.forgotten(kept.seen)} if kept.forgotten else set[int]()
    others = (one for one in kept.seen.arrivals if one.node not in {*handing, *told} and not kept.owes(one))
    return any(one.state in TAKES.open for one in others)


def _given_up_unseen(kept: Kept) -> bool:
    """Whether the way to the return tests that the thing is there and fails at once, without a look at it."""
    graph, holding = kept.graph, kept.holding
    nodes = kept.seen.path(kept.arrival.stop).nodes
    behind = [graph.nodes[number] for number in nodes[taken_at(kept, nodes) + 1 :]]
    tests = [node for node in behind if node.kind == "condition"]
    asks = all((found := _THERE.fullmatch(node.text)) and found[1] in holding.names for node in tests)
    others = (node for node in behind if node.kind == "statement")
    return bool(tests) and asks and not any(holding.names & set(OWN_NAME.findall(node.text)) for node in others)


def _another_released(kept: Kept) -> str:
    """A release of another lock behind the taking, of one that this way does not hold then; "" for none."""
    graph, holding = kept.graph, kept.holding
    nodes = kept.seen.path(kept.arrival.stop).nodes
    held, taken = Counter[tuple[str, ...]](), taken_at(kept, nodes)
    for at, number in enumerate(nodes if not holding.thing.undo else ()):
        for call in graph.nodes[number].calls:
            if call.callee in holding.thing.taking:
                held[call.arguments[:1]] += 1
            elif call.callee in holding.thing.releases:
                held[call.arguments[:1]] -= 1
                if at > taken and not holding.is_given(call) and held[call.arguments[:1]] < 0:
                    return call.text
    return ""


def taken_at(kept: Kept, nodes: tuple[int, ...]) -> int:
    """Where on a way the thing was taken last; -1 for nowhere."""
    taken = {number for number, _ in kept.holding.takers}
    return max((at for at, number in enumerate(nodes) if number in taken), default=-1)
