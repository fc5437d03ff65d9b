"""A return that keeps what the function has taken -> FixPlan, the call that gives it back, or a jump to the label that does so.

The call is put before the return, or before the last jump of each way to it that is come to with the thing in hand alone, and
behind which nothing gives it back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival
from cocci_gen.code.searches.machines import ERROR
from cocci_gen.code.states.known import NEGATIVE, POSITIVE
from cocci_gen.document.obligations import Obligation
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.ends import GOES_ON, GOTO
from cocci_gen.kinds.jumps import Jump, a_part_without, also_owed, jump_for
from cocci_gen.kinds.suspects import FixPlan
from cocci_gen.kinds.takes.fixes.ahead import ahead_of_alike, ahead_of_ends, ahead_of_puts
from cocci_gen.kinds.takes.fixes.places import is_label, places_of, stands
from cocci_gen.kinds.takes.fixes.protected import guarded_behind
from cocci_gen.kinds.takes.fixes.releases import companion_of, making, release_of, undone_elsewhere
from cocci_gen.kinds.takes.holdings.holding import Sure, counts_nothing
from cocci_gen.kinds.takes.holdings.kept import Kept, half_a_repair, is_out_of_hand, taken_at
from cocci_gen.kinds.takes.words.sorts import unlocks

_WORD = re.compile(r"[A-Za-z_]\w*")


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
    # One call may give back two things that were taken by one.
    releases = dict.fromkeys(release for _, back in every for release in back.releases)
    return _before(obligation, kept, list(releases), own.places)


@dataclass(frozen=True, slots=True)
class _Back:
    """The calls that give a thing back, and the steps before which they are to stand."""

    releases: tuple[str, ...]
    places: tuple[int, ...]


def _given_back(kept: Kept) -> _Back | NoFix:
    every = sorted((kept, *_kept_too(kept)), key=lambda one: one.holding.thing.kept != "locked")
    if any(one.holding.array or (one.holding.sure is not Sure.CERTAIN and not undone_elsewhere(one)) for one in every):
        return NoFix("whether it is this function's to give back is for a person to decide")
    for one in every:
        if why := half_a_repair(one):
            return NoFix(why)
    releases = tuple(release_of(one) for one in every)
    if not all(releases):
        return NoFix("how it is to be given back is for a person to decide")
    if any(stop.state == "unseen" for stop in kept.seen.before if stop.node == kept.arrival.node):
        return NoFix("what became of it on other ways to the same return cannot be seen")
    if kept.forgotten and kept.arrival.result.signs == POSITIVE and counts_nothing(kept.graph):
        return NoFix(
            "it returns more than zero here, which tells its caller nothing: what is meant is for a person to decide"
        )
    if _returns_nothing_set(kept):
        return NoFix("what it returns has got no value on this way: another exit is meant")
    places, *others = {places_of(one) for one in every}
    if others or not places:
        return NoFix(_why_nowhere(kept))
    return _Back(releases, places)


def _why_nowhere(kept: Kept) -> str:
    """Why there is no step before which the calls could stand."""
    graph, number = kept.graph, kept.arrival.node
    if any(one.node == number and not kept.owes(one) for one in kept.seen.arrivals):
        return "other ways, on which nothing is to be given back, lead to the same return"
    if not stands(graph, graph.nodes[number]) and not any(GOTO.fullmatch(node.text) for node in graph.nodes):
        return "what it returns is worked out at the return itself, which may still look at it: it must be put aside before"
    return "there is no step at which every way has it in hand and under its name, and behind which nothing looks at it any more"


def _returns_nothing_set(kept: Kept) -> bool:
    """Whether a variable is returned that nothing on the way has set."""
    graph, name = kept.graph, kept.graph.nodes[kept.arrival.node].returned
    if not name.isidentifier() or not name.islower() or name in {parameter.name for parameter in graph.parameters}:
        return False
    nodes = [graph.nodes[n] for n in kept.seen.path(kept.arrival.stop).nodes]
    calls = (text for node in nodes for call in node.calls for text in call.arguments)
    set_here = any(a.left == name for node in nodes for a in node.assignments) or f"&{name}" in calls
    return not set_here and any(a.left == name for a in graph.assignments())


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
            yield Kept(other, seen, arrival, (kept.holding,), kept.forgotten, kept.perhaps, kept.told)


def _before(obligation: Obligation, kept: Kept, releases: list[str], places: tuple[int, ...]) -> FixPlan | NoFix:
    """The calls before these steps, or jumps in their place."""
    graph = kept.graph
    jumps = {number: _jump(kept, number, releases) for number in places}
    made = frozenset[int]().union(*(making(kept, release) for release in releases))
    for number, jump in jumps.items():
        if not jump.label and (also := _also_owed(kept, number, made) or companion_of(kept)):
            return a_part_without(also)
        if not jump.label and (still := guarded_behind(kept, number)):
            return NoFix(f"`{still}` behind it may need the lock: where that is to go is for a person to see")
        if not jump.label and number == kept.arrival.node and kept.perhaps:
            return NoFix(f"a release of this alone may be a part of what is owed here: {kept.perhaps}")
    moved = {number: number if jump.label else _ahead(kept, number) for number, jump in jumps.items()}
    if refused := [one for one in moved.values() if isinstance(one, NoFix)]:
        return refused[0]
    jumps = {at: jumps[number] for number, at in moved.items() if not isinstance(at, NoFix)}
    places = tuple(jumps)
    steps = [(graph.nodes[number].text, jump, is_label(graph, number)) for number, jump in jumps.items()]
    written = (f"{text} {jump.label} {' '.join(jump.sets)}" for text, jump, _ in steps)
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
                "is_label": is_label_step,
                "takers": _takers_ahead(kept, [n for n in places if graph.nodes[n].text == text]),
            }
            for text, jump, is_label_step in dict.fromkeys(steps)
        ],
    }
    lines = [graph.nodes[number].line for number in places]
    alike = {node.line for node in graph.nodes for text, _, _ in steps if node.text == text} - set(lines)
    patch = render("gives_back", obligation.id, context)
    return FixPlan(patch, lines[0], tuple(lines[1:]), tuple(sorted(alike)))


def _also_owed(kept: Kept, number: int, made: Collection[int]) -> str:
    """What other exits give back as well and may be in hand here, "" for nothing."""
    return also_owed(kept.graph, number, made, partial(_is_somebody_elses, kept, number))


def _is_somebody_elses(kept: Kept, number: int, step: int) -> bool:
    """Whether what a step gives back is known not to be owed at another one; who ends I/O that goes on has what it needs."""
    needed = kept.arrival.result.constant in GOES_ON and not any(map(unlocks, kept.graph.nodes[step].calls))
    return needed or is_out_of_hand(kept, step, number)


def _ahead(kept: Kept, number: int) -> int | NoFix:
    """The step ahead of which the calls are to stand, where they were to stand ahead of another one."""
    first = ahead_of_ends(kept, number)
    if first != number:
        return first
    first = ahead_of_puts(kept, number)
    return ahead_of_alike(kept, number) if first == number else first


def _takers_ahead(kept: Kept, places: list[int]) -> list[str]:
    """The functions that have taken the thing where one of these steps is come to; a rule for another would change nothing."""
    graph = kept.graph
    ahead = (call.callee for n, call in kept.holding.takers if not graph.behind((n,)).isdisjoint(places))
    return sorted(set(ahead))


def _jump(kept: Kept, number: int, releases: list[str]) -> Jump:
    """The jump that takes the place of a step and its calls, without a label where the calls are to stand there themselves."""
    made = [making(kept, release) for release in releases]
    signs = 0
    for one in kept.seen.arrivals:
        if one.node == kept.arrival.node and kept.owes(one):
            signs |= _signs(kept.graph, one)
    return jump_for(kept.graph, number, made, signs, partial(_is_somebody_elses, kept, number)) or Jump("", ())


def _signs(graph: Graph, arrival: Arrival) -> int:
    """The signs of what is returned; a pointer to something is no error, nor is what says that the I/O goes on."""
    signs = arrival.result.signs
    if arrival.result.constant in GOES_ON:
        return POSITIVE
    if arrival.result.pointer == ERROR or signs == NEGATIVE:
        return NEGATIVE
    return signs & ~NEGATIVE if graph.returns.endswith("*") else signs


def _names_of(graph: Graph) -> set[str]:
    names = {p.name for p in graph.parameters} | {label for label, _ in graph.labels}
    return names | {word for a in graph.assignments() for word in _WORD.findall(a.left)[:1]}
