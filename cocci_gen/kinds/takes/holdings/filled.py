"""A function that is given a structure -> Filled, the members into which it puts what it takes, for its caller to give back.

`err = find_loc(inode, &loc);` leaves a buffer head in `loc.bh`, and `err = read_loc(inode, &bh);` one in `bh`.  The function
itself may put it there, by way of a variable or at once, or hand the place on to one that does.  Where no more is seen than that
something is put there, it is likely that this is so when it does not fail: who calls it tells whose that is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Parameter
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.code.searches.machines import EITHER, ERROR, POINTER, Exit, Result
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO
from cocci_gen.code.states.statuses import statuses
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.kinds.takes.holdings.followed import call_assigned, holding_under, own_pointers
from cocci_gen.kinds.takes.holdings.holding import Holding, Sure, counts_nothing, fails
from cocci_gen.kinds.takes.holdings.sources import Filled, Source, filled_by
from cocci_gen.kinds.takes.words.members import members_of, structures_in

#: `loc->bh`, `*out`.
_PLACE = re.compile(r"(\w+)->(\w+)|\*(\w+)()")
#: Texts of tests and their outcomes.
Branches = tuple[tuple[str, str], ...]
_WORD = re.compile(r"\w+")
#: States in which something may stand in the member when the function comes back.
_LEFT = frozenset({"owed", "gone", "unseen"})


def fills_of(graph: Graph, source: Source) -> tuple[Filled, ...]:
    """What a function leaves in the structures that it is given: what is seen of it, else what is likely."""
    looked: set[tuple[int, str]] = set()
    seen = _seen_fills(graph, source, looked)
    habit = by_habit(graph) if source.thing.kept != "locked" else ()
    if not habit:
        return seen
    owned = tuple(
        Filled(at, member, habit, clear=False, likely=True, via=via)
        for at, member, via in dict.fromkeys(_owned(graph, source))
    )
    known = {(one.position, one.member) for one in seen}
    likely: dict[tuple[int, str], Branches] = {
        (one.position, one.member): () for one in seen if not one.clear and not _breaks(one, graph)
    }
    for at, member, without in _likely(graph, source):
        if (at, member) not in known:
            likely.setdefault((at, member), without)
    every = (
        Filled(at, member, habit, clear=False, likely=True, without=without) for (at, member), without in likely.items()
    )
    more = (one for one in owned if one.via or (one.position, one.member) not in {*looked, *likely})
    return (*(one for one in seen if (one.position, one.member) not in likely), *every, *more)


def _owned(graph: Graph, source: Source) -> Iterator[tuple[int, str, str]]:
    """The arguments of a function, and members which the functions of its folder give back, into which it puts something of its
    own; with the structure, where that is not given but what is given leads to it."""
    owning = members_of(source.effects.index).owning(folder_of(source.path), source.thing)
    declared = structures_in(graph) if owning else {}
    positions = {one.name: at for at, one in enumerate(graph.parameters) if one.name}
    several = {one.name for one in graph.parameters if one.type.count("*") > 1}  # `*out = bh` copies no buffer head
    led = {a.left: positions.keys() & set(_WORD.findall(a.right)) for a in graph.assignments() if a.left in declared}
    for a in graph.assignments():
        place = _PLACE.fullmatch(a.left)
        base = (place[1] or place[3]) if place else ""
        members = owning.get(declared.get(base, ""), frozenset())
        if place and place[2]:
            members &= {place[2]}
        if not members or a.right in ("NULL", "0") or (a.left == f"*{base}" and ("{" in a.right or base in several)):
            continue
        if positions.keys() & set(_WORD.findall(a.right)) - {base} and "(" not in a.right and place and place[2]:
            continue  # it is the caller's
        for member in sorted(members):
            if base in positions:
                yield positions[base], member, ""
            elif len(led.get(base, ())) == 1:
                yield positions[next(iter(led[base]))], member, declared[base]


def _seen_fills(graph: Graph, source: Source, looked: set[tuple[int, str]]) -> tuple[Filled, ...]:
    """What a function takes and leaves there, by its ways; all places of which these were followed are added to `looked`."""
    leading = ((at, one) for at, one in enumerate(graph.parameters) if one.name and _leads_to(one, source))
    positions = {
        one.name: at for at, one in leading if one.type.count("*") == 1 or not _is_read(graph, source, one.name)
    }
    found: dict[tuple[str, str], Filled] = {}
    for holding, place in _held(graph, source, positions):
        base, member = _parts(place)
        looked.add((positions[base], member))
        seen = holding.explored()
        exits = (Exit("owed" if one.state == "owed" else "idle", _result(graph, one)) for one in seen.arrivals)
        clear = (base, member) not in found and all(_is_clear(graph, seen, place))
        if any(one.state in _LEFT for one in seen.arrivals):
            found[base, member] = Filled(positions[base], member, tuple(dict.fromkeys(exits)), clear)
    return tuple(found.values())


def _breaks(one: Filled, graph: Graph) -> bool:
    """Whether a function leaves something there when it fails, as no other does."""
    failed = NEGATIVE if statuses().tells(graph.returns) else ZERO
    return any(way.state == "owed" and way.result.signs == failed for way in one.exits)


def _likely(graph: Graph, source: Source) -> Iterator[tuple[int, str, Branches]]:
    """The arguments of a function, and members, into which it, or one that it hands them on to, puts something, and the branches
    by which it may come back well without."""
    for at, one in enumerate(graph.parameters):
        if not one.name or "*" not in one.type:
            continue
        if not source.thing.types.isdisjoint(_WORD.findall(one.type)) and _puts(graph, source, one.name):
            yield at, "", ()
        members: dict[str, list[tuple[int, Call]]] = {}
        for number, node in enumerate(graph.nodes):
            for call in node.calls:
                for place in (n for n, argument in enumerate(call.arguments) if argument == one.name):
                    for what in (what for what in source.filled(call) if what.position == place):
                        members.setdefault(what.member, []).append((number, call))
        for member, calls in members.items():
            left = _left(graph, source, one, member, calls) if member else ()
            if left is not None:
                yield at, member, left


def _left(
    graph: Graph, source: Source, parameter: Parameter, member: str, calls: Collection[tuple[int, Call]]
) -> Branches | None:
    """The branches by which a function may come back well and leave nothing of what others put into a member of what it is given;
    None where it gives that back itself on a way that does not fail, `err = box_load(box); ...; box_unload(box); return 0;`."""
    seen = holding_under(graph, source, f"{parameter.name}->{member}", tuple(calls)).explored()
    well = [one for one in seen.arrivals if not fails(graph, one)]
    if any(one.state == "back" for one in well):
        return None
    taken = [frozenset(seen.path(one.stop).decisions) for one in well if one.state != "idle"]
    passed = [one for arrival in well if arrival.state == "idle" for one in seen.path(arrival.stop).decisions]
    known = {one.name for one in graph.parameters}
    texts = ((graph.nodes[one.node], one.label) for one in passed if any(one not in every for every in taken))
    return tuple(
        dict.fromkeys(
            (node.text, label)
            for node, label in texts
            if node.kind == "condition"
            and not node.calls
            and "->" in node.text
            and _WORD.findall(node.text)[0] in known
        )
    )


def _puts(graph: Graph, source: Source, name: str) -> bool:
    """Whether a function puts something where a pointer leads, and not in exchange for what is there."""
    leads = re.compile(rf"\*{name}|{name}\[.*\]")
    puts = {n for n, node in enumerate(graph.nodes) if any(_sets(a, leads) for a in node.assignments)}
    drops = {
        number
        for number, node in enumerate(graph.nodes)
        for call in node.calls
        if call.callee in source.thing.releases and any(leads.fullmatch(text) for text in call.arguments)
    }
    return bool(puts) and not puts & graph.behind(drops)


def _sets(assignment: Assignment, leads: re.Pattern[str]) -> bool:
    return leads.fullmatch(assignment.left) is not None and assignment.right not in ("NULL", "0")


def by_habit(graph: Graph) -> tuple[Exit, ...]:
    """How a function comes back that leaves something where it was told to, and nothing when it fails; () where its value does
    not tell which."""
    if graph.returns.endswith("*"):
        there = Exit("owed", Result(NEGATIVE | POSITIVE, "", POINTER))
        return there, Exit("idle", Result(ZERO)), Exit("idle", Result(NEGATIVE | POSITIVE, "", ERROR))
    status = statuses().is_returned(graph.returns)
    if not (status or graph.returns.split()[-1:] == ["int"]) or _answers(graph):
        return ()
    more = () if status or counts_nothing(graph) else (Exit("unseen", Result(POSITIVE)),)
    return Exit("owed", Result(ZERO)), Exit("idle", Result(NEGATIVE)), *more


def by_name(graph: Graph) -> tuple[Exit, ...]:
    """The same of a function that is known to leave something there: where it cannot say that it has failed, it always does."""
    return (Exit("owed"),) if graph.returns.split()[-1:] == ["void"] else by_habit(graph)


def _answers(graph: Graph) -> bool:
    """Whether the value of a function is an answer, yes or no: of nothing that it returns zero and an error tell."""
    values = {node.returned for node in graph.nodes if node.kind == "return"}
    rights = {a.right for a in graph.assignments() if a.left in values}
    told = (values | rights) - {one.left for one in graph.assignments() if one.left in values}
    return told <= {"0", "1", "true", "false"} and not told.isdisjoint({"1", "true"})


def _leads_to(parameter: Parameter, source: Source) -> bool:
    """Whether a parameter leads to a place for the thing: a structure, or a pointer to such a thing."""
    stars = parameter.type.count("*")
    return stars == 1 or (stars == 2 and not source.thing.types.isdisjoint(_WORD.findall(parameter.type)))


def _parts(place: str) -> tuple[str, str]:
    """The parameter that a place is reached by, and the member, "" for what the parameter itself points to; ("", "") for none."""
    found = _PLACE.fullmatch(place)
    return (found[1] or found[3], found[2] or "") if found else ("", "")


def _held(graph: Graph, source: Source, positions: Collection[str]) -> Iterator[tuple[Holding, str]]:
    """What a function takes and puts where what it is given leads to, and which place that is."""
    taken: dict[str, list[tuple[int, Call]]] = {}
    own = own_pointers(graph)
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            name = call_assigned(node, call) if source.returned(call) is Sure.CERTAIN else ""
            filled = (*filled_by(call, source, positions, "->"), *filled_by(call, source, own, "."))
            for place in (name, *(one for one, what in filled if what.clear)):
                if place:
                    taken.setdefault(place, []).append((number, call))
    for name, calls in taken.items():
        if _parts(name)[0] in positions:
            yield holding_under(graph, source, name, tuple(calls)), name
        put = (name, *(f"{name} = {call.text}" for _, call in calls))  # `*out = bh = sb_bread(sb, 1)`
        places = {a.left for a in graph.assignments() if name.isidentifier() and a.right in put}
        for place in sorted(places):
            if _parts(place)[0] in positions and name not in positions:
                yield holding_under(graph, source, name, tuple(calls), frozenset({place})), place


def _result(graph: Graph, arrival: Arrival) -> Result:
    """What a way returns: a pointer that is not known for an error is none, for else it would say so, and not NULL where
    something was left."""
    result = arrival.result
    if not graph.returns.endswith("*") or result.pointer != EITHER or fails(graph, arrival):
        return result
    there = arrival.state == "owed" and not result.constant and result.signs != ZERO
    return replace(result, pointer=POINTER, signs=result.signs & ~ZERO if there else result.signs)


def _is_clear(graph: Graph, seen: Exploration, place: str) -> Iterator[bool]:
    """Per return whether what it leaves is as its result says; of a pointer that it clears the caller sees whether there is
    anything."""
    yield not seen.merged and graph.whole
    cleared = place.startswith("*") and any(a.left == place and a.right == "NULL" for a in graph.assignments())
    for one in seen.arrivals:
        without = one.state in ("idle", "back")
        nothing = graph.returns.endswith("*") and one.result.signs == ZERO  # its caller asks for that as well
        yield without if nothing or fails(graph, one) else one.state == "owed" or (cleared and without)


def _is_read(graph: Graph, source: Source, name: str) -> bool:
    """Whether a function looks at what a pointer leads to before it, or one that it hands the pointer on to, has put something
    there, as one does that exchanges it."""
    leads = re.compile(rf"(?<![\w)])\*{name}\b")
    sets = {number for number, node in enumerate(graph.nodes) if any(a.left == f"*{name}" for a in node.assignments)}
    sets |= {
        n for n, node in enumerate(graph.nodes) for call in node.calls if any(filled_by(call, source, (name,), "->"))
    }
    nodes = [graph.nodes[number] for number in graph.behind((0,), sets) | sets]
    texts = [text for node in nodes for call in node.calls for text in call.arguments]
    texts += [a.right for node in nodes for a in node.assignments]
    texts += [node.text for node in nodes if node.kind == "condition"]
    return any(leads.search(text) for text in texts)
