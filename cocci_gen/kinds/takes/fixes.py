"""A return that keeps what the function has taken -> FixPlan, the call that gives it back, or a jump to the label that does so.

The call is put before the return, or before the last jump of each way to it that is come to with the thing in hand alone, and
behind which nothing gives it back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.control_flow import Call, Graph
from cocci_gen.code.explorations import Stop
from cocci_gen.code.machines import Event
from cocci_gen.code.paths import NEGATIVE, ZERO
from cocci_gen.code.search import explore
from cocci_gen.document.obligations import Obligation
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.jumps import Jump, jump_for
from cocci_gen.kinds.suspects import FixPlan
from cocci_gen.kinds.takes.holding import NOT_TAKEN, TAKES, Holding, Sure, fails, may_give_back
from cocci_gen.kinds.takes.kept import OWN_NAME, Kept, half_a_repair, taken_at
from cocci_gen.kinds.takes.things import Thing

_WORD = re.compile(r"[A-Za-z_]\w*")
_GOTO = re.compile(r"goto (\w+);")
#: Returns whose value no call before them changes.
_RETURN = re.compile(r"return (?:-?[A-Z]\w+|-?\d+|[a-z_]\w*|(?:ERR_PTR|PTR_ERR|ERR_CAST) ?\([\w\s-]+\));")
#: Ways to one step that are looked at.
_WAYS = 64


def give_back_plan(obligation: Obligation, kept: Kept, along: Iterable[Kept] = ()) -> FixPlan | NoFix:
    """How the thing, and what else was taken of it, is given back on all ways on which it is kept to this return, and on no
    other; with it go the other things (`along`) that are kept to the return on just these ways, what was taken last first."""
    own = _given_back(kept)
    if isinstance(own, NoFix):
        return own
    every = [(kept, own)]
    for other in along:
        found = _given_back(other)
        if not isinstance(found, NoFix) and found.places == own.places:
            every.append((other, found))
    every.sort(key=lambda one: _taken_line(one[0]), reverse=True)
    return _before(obligation, kept, [release for _, back in every for release in back.releases], own.places)


@dataclass(frozen=True, slots=True)
class _Back:
    """The calls that give a thing back, and the steps before which they are to stand."""

    releases: tuple[str, ...]
    places: tuple[int, ...]


def _given_back(kept: Kept) -> _Back | NoFix:
    every = sorted((kept, *_kept_too(kept)), key=lambda one: one.holding.thing.kept != "locked")
    if any(one.holding.array or one.holding.sure is not Sure.CERTAIN for one in every):
        return NoFix("whether it is this function's to give back is for a person to decide")
    for one in every:
        if why := half_a_repair(one):
            return NoFix(why)
    releases = tuple(_release(one) for one in every)
    if not all(releases):
        return NoFix("how it is to be given back is for a person to decide")
    if any(stop.state == "unseen" for stop in kept.seen.before if stop.node == kept.arrival.node):
        return NoFix("what became of it on other ways to the same return cannot be seen")
    places, *others = {_places(one) for one in every}
    if others or not places:
        return NoFix("other ways, on which nothing is to be given back, lead to the same return")
    return _Back(releases, places)


def _taken_line(kept: Kept) -> int:
    """The line at which the thing was taken on the way to the return."""
    nodes = kept.seen.path(kept.arrival.stop).nodes
    return kept.graph.nodes[nodes[max(0, taken_at(kept, nodes))]].line


def _kept_too(kept: Kept) -> Iterator[Kept]:
    """What else the function keeps of the same thing to the same return."""
    for other in kept.beside:
        seen = other.explored()
        arrival = seen.first(kept.arrival.node, partial(kept.owes, holding=other))
        if arrival is not None:
            yield Kept(other, seen, arrival, (kept.holding,), kept.forgotten)


def _before(obligation: Obligation, kept: Kept, releases: list[str], places: tuple[int, ...]) -> FixPlan:
    """The calls before these steps, or jumps in their place."""
    graph = kept.graph
    steps = [(graph.nodes[number].text, _jump(kept, number, releases, places)) for number in places]
    written = (f"{text} {jump.label} {' '.join(jump.sets)}" for text, jump in steps)
    words = set(_WORD.findall(" ".join([*releases, *written])))
    context = {
        "mode": "fix",
        "obligation": obligation,
        "function": graph.name,
        "symbols": sorted(_names_of(graph) & words),
        "releases": releases,
        "steps": [
            {
                "exit": text,
                "label": jump.label,
                "sets": jump.sets,
                "takers": _takers_ahead(kept, [n for n in places if graph.nodes[n].text == text]),
            }
            for text, jump in dict.fromkeys(steps)
        ],
    }
    lines = [graph.nodes[number].line for number in places]
    alike = {node.line for node in graph.nodes for text, _ in steps if node.text == text} - set(lines)
    patch = render("gives_back", obligation.id, context)
    return FixPlan(patch, lines[0], tuple(lines[1:]), tuple(sorted(alike)))


def _takers_ahead(kept: Kept, places: list[int]) -> list[str]:
    """The functions that have taken the thing where one of these steps is come to; a rule for another would change nothing."""
    graph = kept.graph
    ahead = (call.callee for n, call in kept.holding.takers if not graph.behind((n,)).isdisjoint(places))
    return sorted(set(ahead))


# With what it is given back.


def _release(kept: Kept) -> str:
    """The call that gives the thing back: as the function writes it where it fails elsewhere, else the one that all things of the
    type are given back with, else, for a lock, as it is written where the function succeeds; "" where none is known."""
    holding = kept.holding
    every = list(_releases(holding))
    if failing := [call for number, call in every if _fails_behind(kept, number)]:
        return _usual(kept, failing)
    if not holding.thing.undo:
        return _usual(kept, [call for _, call in every]) or _plain_release(holding)
    undoing = {holding.thing.undo[word] for word in holding.thing.undo if _is_of(holding, word)}
    plain = not holding.thing.unfinished or all(_is_plain(holding.thing, call) for _, call in holding.takers)
    return f"{undoing.pop()}({holding.name})" if plain and len(undoing) == 1 and holding.name.isidentifier() else ""


def _plain_release(holding: Holding) -> str:
    """The one call that gives a lock back and does nothing else, where the function itself does so only by one that does more:
    `up_write(&box->lock)` beside a `downgrade_write()`; "" where there is none."""
    given = {call.arguments[:1] for _, call in holding.takers}
    own = [one.call for events in holding.events.values() for one in events if one.call is not None]
    if len(holding.thing.releases) != 1 or len(given) != 1 or not any(c.callee in holding.thing.consumes for c in own):
        return ""
    return f"{next(iter(holding.thing.releases))}({', '.join(given.pop())})"


def _usual(kept: Kept, calls: list[Call]) -> str:
    """The call that is written most, of equals the nearest before the return."""
    line = kept.graph.nodes[kept.arrival.node].line
    texts = Counter(call.text for call in calls)
    usual = [call for call in calls if texts[call.text] == max(texts.values())]
    return min(usual, key=lambda call: (call.line > line, abs(line - call.line))).text if usual else ""


def _releases(holding: Holding) -> Iterator[tuple[int, Call]]:
    """The calls of the function itself that give the very thing back and do nothing else."""
    for number, events in holding.events.items():
        for one in events:
            call = one.call
            if (
                call is not None
                and call.callee in holding.thing.releases
                and holding.is_given(call)
                and may_give_back(one)
            ):
                yield number, call


def _fails_behind(kept: Kept, number: int) -> bool:
    """Whether a failing return lies behind a node: what ends a success may also say that a page is good."""
    behind = kept.graph.behind((number,))
    fault = "fault" in kept.graph.returns
    return any(one.node in behind and (fault or fails(kept.graph, one)) for one in kept.seen.arrivals)


def _is_of(holding: Holding, word: str) -> bool:
    """Whether what was taken is of a type; the names of the calls that take say which of two."""
    if len(holding.thing.undo) == 1:
        return True
    return all(word in call.callee for _, call in holding.takers)


def _is_plain(thing: Thing, call: Call) -> bool:
    """Whether a call takes a thing that only has to be given back: others, and what calls them, may hand out a new one."""
    return call.callee in (thing.returning | thing.taking) - thing.unfinished


# Where.


def _places(kept: Kept) -> tuple[int, ...]:
    """The steps before which the call is to stand: with it, no way keeps the thing to the return, and none gives it back twice;
    () where there are no such steps."""
    graph = kept.graph
    taken = graph.behind(number for number, _ in kept.holding.takers)
    leading = graph.before((kept.arrival.node,)) | {kept.arrival.node}
    sound = [number for number in sorted(taken & leading) if _only_keeps(kept, number)]
    last = tuple(n for n in sound if not any(m in sound for m in graph.straight(n) if m != n))
    return last if last and _mends(kept, last) else ()


def _only_keeps(kept: Kept, number: int) -> bool:
    """Whether a step may have the call before it: every way comes to it with the thing in hand and under its name, and goes on to
    a return that must not have it, without another look at it."""
    graph, node = kept.graph, kept.graph.nodes[number]
    stops = [stop for stop in kept.seen.before if stop.node == number and not _may_be_null(kept, stop)]
    others = _given_back_too(kept)
    stands = number in others or (_RETURN if node.kind == "return" else _GOTO).fullmatch(node.text)
    if not stands or not stops or len(stops) > _WAYS:
        return False
    if any(stop.state not in TAKES.open or _changed(kept, stop, others) for stop in stops):
        return False
    whole = kept.holding.question()
    behind = [explore(replace(whole, state=stop.state, start=stop.node, known=stop.facts)) for stop in stops]
    looks = {stop.node for found in behind for stop in found.before} - others
    if any(kept.holding.names & set(OWN_NAME.findall(graph.nodes[one].text)) for one in looks):
        return False
    return all(kept.owes(one) for found in behind for one in found.arrivals)


def _may_be_null(kept: Kept, stop: Stop) -> bool:
    """Whether a way to a stop has found NULL under the name, and what gives it back takes that for nothing."""
    if stop.state not in NOT_TAKEN or _release(kept).partition("(")[0] not in kept.holding.thing.null:
        return False
    turns = kept.holding.turns
    asked = (one for one in kept.seen.path(stop).decisions if turns.get((one.node, one.label)) == "lost")
    return any("IS_ERR" not in kept.graph.nodes[one.node].text for one in asked)


def _given_back_too(kept: Kept) -> frozenset[int]:
    """The statements that give back the reference to a thing of which the function has the lock: that must be gone before."""
    if kept.holding.thing.kept != "locked":
        return frozenset()
    found = (number for other in kept.beside for number, _ in _releases(other))
    return frozenset(number for number in found if kept.graph.nodes[number].kind == "statement")


def _changed(kept: Kept, stop: Stop, others: frozenset[int]) -> bool:
    """Whether since the taking, on the way to a stop, the name has been given another value, or the reference given back."""
    nodes = kept.seen.path(stop).nodes
    behind = nodes[taken_at(kept, nodes) + 1 : -1]
    renamed = any(one.left == kept.holding.name for n in behind for one in kept.graph.nodes[n].assignments)
    return renamed or not others.isdisjoint(behind)


def _mends(kept: Kept, places: tuple[int, ...]) -> bool:
    """Whether with the call before these steps no way to the return keeps the thing, and none gives it back twice."""
    question, events = kept.holding.question(), dict(kept.holding.events)
    for number in places:
        new = Call("", True, (), kept.graph.nodes[number].line)
        events[number] = (*events.get(number, ()), question.machine.step(number, new, "release"))
    found = explore(replace(question, events=events))
    left = any(one.node == kept.arrival.node and kept.owes(one) for one in found.arrivals)
    return len(found.wrongs) <= len(kept.seen.wrongs) and not left


def _jump(kept: Kept, number: int, releases: list[str], places: tuple[int, ...]) -> Jump:
    """The jump that takes the place of a step and its calls, without a label where the calls are to stand there themselves."""
    graph, signs = kept.graph, kept.arrival.result.signs
    failed = bool(signs & NEGATIVE) and not signs & ZERO
    found = jump_for(graph, number, [_making(kept, release) for release in releases], failed=failed)
    return found or Jump(_label(graph, number, releases, places), ())


def _making(kept: Kept, release: str) -> set[int]:
    """The statements that are a call, or do the same by a helper that certainly does."""
    graph = kept.graph
    made = {number for number, node in enumerate(graph.nodes) if node.text == f"{release};"}
    every = [holding for holding in (kept.holding, *kept.beside) if release == _release(replace(kept, holding=holding))]
    return made | {
        number
        for holding in every
        for number, events in holding.events.items()
        for one in events
        if one.call is not None and one.call.callee not in holding.thing.releases and _certainly_gives_back(one)
    }


def _certainly_gives_back(event: Event) -> bool:
    """Whether a step gives the thing back on all of its ways."""
    exits = event.outcome("owed", ()).exits
    return bool(exits) and all(one.state == "back" for one in exits)


def _label(graph: Graph, number: int, releases: list[str], places: tuple[int, ...]) -> str:
    """The label further down behind which these calls stand alone, and that goes on as the step does: a jump to it reads better;
    or "", also where nobody would jump to the old one any more."""
    node = graph.nodes[number]
    left = any(other.text == node.text for at, other in enumerate(graph.nodes) if at not in places)
    if node.kind != "return" and not left:
        return ""
    goes_on = [number] if node.kind == "return" else _steps(graph, node.successors[0][0])
    for label, start in graph.labels:
        behind = _steps(graph, start) if graph.nodes[start].line > node.line else []
        made = [graph.nodes[one].text.removesuffix(";") for one in behind[: len(releases)]]
        following = [graph.nodes[one].text for one in behind[len(releases) :]]
        if made == releases and following and following == [graph.nodes[one].text for one in goes_on]:
            return label
    return ""


def _steps(graph: Graph, start: int) -> list[int]:
    """The straight way from a step on, without the labels on it."""
    return [one for one in graph.straight(start) if not graph.nodes[one].text.endswith(":")]


def _names_of(graph: Graph) -> set[str]:
    names = {p.name for p in graph.parameters} | {label for label, _ in graph.labels}
    return names | {word for a in graph.assignments() for word in _WORD.findall(a.left)[:1]}
