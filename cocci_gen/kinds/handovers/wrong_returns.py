"""A function that takes something for its caller -> Wrong, each return that says the wrong thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.code.searches.machines import Event
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.states.known import NEGATIVE, Facts
from cocci_gen.kinds.duties import Duty, TreeFacts
from cocci_gen.kinds.handovers.contracts import Contract, Says
from cocci_gen.kinds.handovers.lenders import Lenders
from cocci_gen.kinds.handovers.over import OVER, explored, over, spelled
from cocci_gen.kinds.handovers.rechecks import recheck_nodes
from cocci_gen.kinds.handovers.tails import tails
from cocci_gen.kinds.handovers.takings import Taker, Taking, Thing
from cocci_gen.kinds.handovers.twice import Twice, released_twice

_WORD = re.compile(r"[A-Za-z_]\w*")
_VARIABLE = re.compile(r"^[a-z_]\w*$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A return that says the wrong thing: the way to it leads over `turn` (the taking, or a release) and from there past
    none of `blocked`, but perhaps past calls of `passes`, which cannot be seen through; `missing` is what the way
    lacks ("lock", "reference", "value", "taken" or "recheck").  `sometimes` are calls on some ways of which it is given back.
    With `unset` nothing was left where the out parameter points: the return keeps the thing, whatever it says."""

    target: int
    turn: int
    label: str
    blocked: frozenset[int]
    says: Says
    missing: str
    taking: Taking
    passes: frozenset[int] = frozenset()
    sometimes: tuple[Event, ...] = field(default=(), compare=False, repr=False)
    unset: bool = False


@dataclass(frozen=True, slots=True)
class HandoverDuty(Duty):
    """A function that takes something for its caller, and its suspicious returns; `truncated` is why the pages can be
    truncated, "" when nothing says so; `given` the constants that its caller passes; `killing` is the ->kill_sb that ends what
    a ->mount began, where it is known; `twice` are the releases of what it has released already."""

    contract: Contract
    out: str
    wrongs: tuple[Wrong, ...]
    truncated: str = ""
    given: Facts = ()
    killing: Graph | None = None
    twice: tuple[Twice, ...] = ()


def taker_of(duty: HandoverDuty, facts: TreeFacts) -> Taker:
    """The function as the one that takes."""
    lending = Lenders(duty.contract, facts)
    return Taker(duty.graph, duty.definition.path, duty.contract, duty.out, facts, lending)


def studied(duty: HandoverDuty, facts: TreeFacts) -> HandoverDuty:
    """The duty with every return of the function to which a way leads that says the wrong thing, and every second release."""
    taker = taker_of(duty, facts)
    things = [Thing(taker, taking) for taking in taker.takings()]
    twice = [one for thing in things if not duty.contract.everywhere for one in released_twice(thing, duty.given)]
    # Where two takings may be the one that is released twice, it is told once.
    once = {one.line: one for one in reversed(twice)}
    return replace(duty, wrongs=_wrongs(duty, things), twice=tuple(once[line] for line in sorted(once)))


def _wrongs(duty: HandoverDuty, things: list[Thing]) -> tuple[Wrong, ...]:
    returns = [number for number, node in enumerate(duty.graph.nodes) if node.kind == "return" and node.text]
    found: list[Wrong] = []
    rechecks = duty.contract.rechecks
    handed = [thing for thing in things if thing.handed_out]
    for thing in things:
        taking = thing.taking
        own = not handed or thing.handed_out  # else it is another one, which the function needs for itself
        gone, put, retaken = thing.nodes()
        unseen, releases = thing.unseen(), sorted(thing.releases())
        sometimes = thing.sometimes(OVER)
        handing_on = tails(thing)
        failing = {event.node for event in handing_on}
        sometimes = (*(event for event in sometimes if event.node not in failing), *handing_on)
        surely = gone - {event.node for event in sometimes}
        turn, label = taking.node, taking.label
        kept = [("lock", surely, sometimes)]
        kept += [("reference", put - failing, handing_on)] if duty.contract.put else []
        for number in returns:
            for missing, blocked, some in kept:
                failure = _failure(duty, number, blocked, unseen, missing, taking, some)
                found.append(_unset(duty, failure) if thing.handed_out else failure)
            if own and duty.out and taking.name != f"*{duty.out}":
                found.append(Wrong(number, turn, label, _handed_out(duty) | gone, Says.SUCCESS, "value", taking))
            for node in (
                releases if own and duty.contract.outcome != "fault" else ()
            ):  # `fault_codes` looks further there
                found.append(Wrong(number, node, "", retaken, Says.SUCCESS, "taken", taking))
        if rechecks is not None and taking.callee not in duty.contract.returning:  # what returns it has looked itself
            checked = recheck_nodes(thing, rechecks) | (gone - unseen)
            found += [Wrong(number, turn, label, checked, Says.SUCCESS, "recheck", taking) for number in returns]
    return tuple(wrong for wrong in found if isinstance(way_to(duty, wrong), Path))


def _failure(
    duty: HandoverDuty,
    target: int,
    blocked: frozenset[int],
    unseen: frozenset[int],
    missing: str,
    taking: Taking,
    sometimes: tuple[Event, ...] = (),
) -> Wrong:
    """The failing return by a way that trusts no unknown call, or, where there is none, by one that passes some."""
    strict = Wrong(target, taking.node, taking.label, blocked, Says.FAILURE, missing, taking, sometimes=sometimes)
    if not unseen or isinstance(way_to(duty, strict), Path):
        return strict
    seen = tuple(event for event in sometimes if event.node not in unseen)
    return replace(strict, blocked=blocked - unseen, passes=unseen, sometimes=seen)


def _unset(duty: HandoverDuty, failure: Wrong) -> Wrong:
    """The failing return; where nothing says that it fails, the return by a way on which the out parameter is never used: that
    is no success, for the caller finds nothing there."""
    if isinstance(way_to(duty, failure), Path):
        return failure
    used = frozenset(n for n, node in enumerate(duty.graph.nodes) if duty.out in _WORD.findall(node.text))
    return replace(failure, blocked=failure.blocked | used, unset=True)


def _handed_out(duty: HandoverDuty) -> frozenset[int]:
    """Nodes that store through the out parameter or pass it on."""
    out = duty.out
    return frozenset(
        number
        for number, node in enumerate(duty.graph.nodes)
        if any(a.left == f"*{out}" for a in node.assignments)
        or any(out in _WORD.findall(text) for c in node.calls for text in c.arguments)
    )


def way_to(duty: HandoverDuty, wrong: Wrong) -> Path | NoPath:
    """A way from the entry over the turn to the return, on which the value is what `wrong` says it is."""
    value = duty.graph.nodes[wrong.target].returned

    seen = searched(duty, wrong)
    arrival = seen.first(wrong.target, lambda one: one.state in OVER.open and _may_say(duty, wrong, value, one))
    if arrival is None:
        return NoPath(exhausted=True)
    path = seen.path(arrival.stop)
    return path if _assigned(duty, wrong, value, path) else NoPath(exhausted=False)


def searched(duty: HandoverDuty, wrong: Wrong) -> Exploration:
    """Every way over the turn, with what is owed on it."""
    asked = over(wrong.taking, wrong.blocked, wrong.sometimes, turn=wrong.turn, label=wrong.label)
    return explored(duty.graph, duty.given, asked)


def unsure(wrong: Wrong, path: Path) -> tuple[Event, ...]:
    """The calls on a way that give it back on some of their own ways, and do not say on which."""
    found = []
    for event in wrong.sometimes:
        exits = event.outcome("owed", ()).exits
        left, done = ([e for e in exits if (e.state in OVER.open) is is_open] for is_open in (True, False))
        if event.node in path.nodes and any(one.result.meets(other.result) for one in left for other in done):
            found.append(event)
    return tuple(found)


def _may_say(duty: HandoverDuty, wrong: Wrong, value: str, arrival: Arrival) -> bool:
    says = duty.contract.says(value, arrival.facts)
    if says is Says.UNKNOWN and (call := spelled(duty.graph, wrong.target)):
        says = duty.contract.says(call, arrival.facts)
    if says is Says.UNKNOWN and arrival.result.signs == NEGATIVE:
        # What a call has returned that the return hands on.
        says = Says.FAILURE if any(event.node == wrong.target for event in wrong.sometimes) else says
    if says is Says.UNKNOWN and wrong.unset and arrival.result.signs & NEGATIVE:
        return True
    return says is wrong.says or (duty.contract.outcome == "pointer" and _VARIABLE.match(value) is not None)


def _assigned(duty: HandoverDuty, wrong: Wrong, value: str, path: Path) -> bool:
    """Whether the returned variable got its value by an assignment that says so, where only a test tells it or nothing."""
    if not _VARIABLE.match(value) or (wrong.says is Says.FAILURE and duty.contract.outcome != "pointer"):
        return True
    rights = [a.right for step in path.nodes for a in duty.graph.nodes[step].assignments if a.left == value]
    return bool(rights) and duty.contract.says(rights[-1], ()) is wrong.says
