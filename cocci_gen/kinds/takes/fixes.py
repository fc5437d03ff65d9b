"""A return that keeps what the function has taken -> FixPlan, the call that gives it back, or a jump to the label that does so.

The call is put before the return, or before the last jump of each way to it that is come to with the thing in hand alone, and
behind which nothing gives it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.explorations import Arrival, Stop
from cocci_gen.code.known import POSITIVE
from cocci_gen.code.machines import ERROR
from cocci_gen.code.paths import NEGATIVE
from cocci_gen.code.search import explore
from cocci_gen.document.obligations import Obligation
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.jumps import Jump, a_part_without, also_owed, jump_for
from cocci_gen.kinds.suspects import FixPlan
from cocci_gen.kinds.takes.ahead import ahead_of_ends, ahead_of_puts
from cocci_gen.kinds.takes.holding import NOT_TAKEN, TAKES, Sure, counts_nothing
from cocci_gen.kinds.takes.kept import OWN_NAME, Kept, half_a_repair, taken_at
from cocci_gen.kinds.takes.releases import companion_of, making, release_of, releases_in, undone_elsewhere

_WORD = re.compile(r"[A-Za-z_]\w*")
_GOTO = re.compile(r"goto (\w+);")
#: Returns whose value no call before them changes.
_RETURN = re.compile(
    r"return(?: (?:-?[A-Z]\w+(?: \| [A-Z]\w+)*|-?\d+|[a-z_]\w*(?: [-+] [a-z_]\w*)*|(?:ERR_PTR|PTR_ERR|ERR_CAST) ?\([\w\s-]+\)))?;"
)
#: What makes a fault code of an error number: `return vmf_error(err);`.
_FAULT = re.compile(r"return [a-z]\w* ?\(([a-z_]\w*)\);")
#: An error pointer that is made of something else, or NULL.
_NOTHING = re.compile(r"NULL|ERR_PTR ?\((?:-E[A-Z0-9]+|[a-z_]\w*)\)")
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
    places, *others = {_places(one) for one in every}
    if others or not places:
        return NoFix(_why_nowhere(kept))
    return _Back(releases, places)


def _why_nowhere(kept: Kept) -> str:
    """Why there is no step before which the calls could stand."""
    graph, number = kept.graph, kept.arrival.node
    if any(one.node == number and not kept.owes(one) for one in kept.seen.arrivals):
        return "other ways, on which nothing is to be given back, lead to the same return"
    if not _stands(graph, graph.nodes[number]) and not any(_GOTO.fullmatch(node.text) for node in graph.nodes):
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
            yield Kept(other, seen, arrival, (kept.holding,), kept.forgotten, kept.perhaps)


def _before(obligation: Obligation, kept: Kept, releases: list[str], places: tuple[int, ...]) -> FixPlan | NoFix:
    """The calls before these steps, or jumps in their place."""
    graph = kept.graph
    jumps = {number: _jump(kept, number, releases) for number in places}
    made = frozenset[int]().union(*(making(kept, release) for release in releases))
    for number, jump in jumps.items():
        if not jump.label and (also := also_owed(graph, number, made) or companion_of(kept)):
            return a_part_without(also)
        if not jump.label and number == kept.arrival.node and kept.perhaps:
            return NoFix(f"a release of this alone may be a part of what is owed here: {kept.perhaps}")
    moved = {number: number if jump.label else _ahead(kept, number) for number, jump in jumps.items()}
    if refused := [one for one in moved.values() if isinstance(one, NoFix)]:
        return refused[0]
    jumps = {at: jumps[number] for number, at in moved.items() if not isinstance(at, NoFix)}
    places = tuple(jumps)
    steps = [(graph.nodes[number].text, jump) for number, jump in jumps.items()]
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


def _ahead(kept: Kept, number: int) -> int | NoFix:
    """The step ahead of which the calls are to stand, where they were to stand ahead of another one."""
    first = ahead_of_ends(kept, number)
    return ahead_of_puts(kept, number) if first == number else first


def _takers_ahead(kept: Kept, places: list[int]) -> list[str]:
    """The functions that have taken the thing where one of these steps is come to; a rule for another would change nothing."""
    graph = kept.graph
    ahead = (call.callee for n, call in kept.holding.takers if not graph.behind((n,)).isdisjoint(places))
    return sorted(set(ahead))


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
    renames = _gives_up(kept, node)
    stands = number in others or renames or _stands(graph, node) or _is_shared_label(graph, number)
    if not stands or not stops or len(stops) > _WAYS:
        return False
    if any(stop.state not in TAKES.open or _changed(kept, stop, others) for stop in stops):
        return False
    whole = kept.holding.question()
    behind = [explore(replace(whole, state=stop.state, start=stop.node, known=stop.facts)) for stop in stops]
    looks = {stop.node for found in behind for stop in found.before} - others
    # Behind a step that puts an error under the name this means that.
    looked = any(kept.holding.names & set(OWN_NAME.findall(graph.nodes[one].text)) for one in looks)
    if looked and not renames:
        return False
    return all(kept.owes(one) for found in behind for one in found.arrivals)


def _stands(graph: Graph, node: Node) -> bool:
    """Whether a call may stand before a jump or return, and what that returns is the same behind it."""
    if node.kind != "return":
        return _GOTO.fullmatch(node.text) is not None
    made = _FAULT.fullmatch(node.text) if "fault" in graph.returns else None
    own = made is not None and made[1] not in {parameter.name for parameter in graph.parameters}
    return own or _RETURN.fullmatch(node.text) is not None


def _gives_up(kept: Kept, node: Node) -> bool:
    """Whether a step does no more than to put an error, or NULL, under the one name of the thing: it is in hand ahead of that."""
    holding = kept.holding
    if node.kind != "statement" or holding.names != {holding.name} or len(node.assignments) != 1:
        return False
    [one] = node.assignments
    return one.left == holding.name and not one.declares and _NOTHING.fullmatch(one.right) is not None


def _is_shared_label(graph: Graph, number: int) -> bool:
    """Whether a statement is the first behind a label that several jumps go to: one call there does for all of them."""
    if graph.nodes[number].kind != "statement" or len(ahead := graph.ahead_of(number)) != 1:
        return False
    labels = {label for label, start in graph.labels if start == ahead[0]}
    return sum(node.text == f"goto {label};" for label in labels for node in graph.nodes) > 1


def _may_be_null(kept: Kept, stop: Stop) -> bool:
    """Whether a way to a stop has found NULL under the name, or set it so, and what gives it back takes that for nothing."""
    if stop.state not in NOT_TAKEN or release_of(kept).partition("(")[0] not in kept.holding.thing.null:
        return False
    turns, path = kept.holding.turns, kept.seen.path(stop)
    asked = (one for one in path.decisions if turns.get((one.node, one.label)) == "lost")
    set_here = [
        one.right for n in path.nodes for one in kept.graph.nodes[n].assignments if one.left == kept.holding.name
    ]
    return set_here[-1:] == ["NULL"] or any("IS_ERR" not in kept.graph.nodes[one.node].text for one in asked)


def _given_back_too(kept: Kept) -> frozenset[int]:
    """The statements that give back the reference to a thing of which the function has the lock: that must be gone before."""
    if kept.holding.thing.kept != "locked":
        return frozenset()
    found = (number for other in kept.beside for number, _ in releases_in(other))
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


def _jump(kept: Kept, number: int, releases: list[str]) -> Jump:
    """The jump that takes the place of a step and its calls, without a label where the calls are to stand there themselves."""
    made = [making(kept, release) for release in releases]
    signs = 0
    for one in kept.seen.arrivals:
        if one.node == kept.arrival.node and kept.owes(one):
            signs |= _signs(kept.graph, one)
    return jump_for(kept.graph, number, made, signs) or Jump("", ())


def _signs(graph: Graph, arrival: Arrival) -> int:
    """The signs of what is returned; a pointer to something is no error."""
    signs = arrival.result.signs
    if arrival.result.pointer == ERROR or signs == NEGATIVE:
        return NEGATIVE
    return signs & ~NEGATIVE if graph.returns.endswith("*") else signs


def _names_of(graph: Graph) -> set[str]:
    names = {p.name for p in graph.parameters} | {label for label, _ in graph.labels}
    return names | {word for a in graph.assignments() for word in _WORD.findall(a.left)[:1]}
