"""A function and a Thing -> Unfollowed, what `gives_back` cannot follow there.

Left out on purpose, for it is nobody's silence: what a call returns and the function returns too, and what is put at once where
others find it (`x->bh = sb_bread()`, an element of the caller's array), is theirs to give back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.facts.calls.page_places import own_holders
from cocci_gen.facts.pages.summaries import AT_TIMES
from cocci_gen.kinds.takes.holdings.followed import (
    call_assigned,
    holding_under,
    is_several,
    own_pointers,
    taken_name,
)
from cocci_gen.kinds.takes.holdings.holding import LOST, NOT_TAKEN, TAKES, TWICE, Holding, Sure
from cocci_gen.kinds.takes.holdings.sources import Filled, Source, filled_by
from cocci_gen.kinds.unseen import Unfollowed, forgotten, unseen_returns

_WORD = re.compile(r"[A-Za-z_]\w*")


def unfollowed_ways(holding: Holding, seen: Exploration) -> Iterator[Unfollowed]:
    """The returns that must not keep the thing, behind steps that hide what became of it, and what the search does not ask."""
    graph, matters = holding.graph, holding.matters(seen)

    def asked(arrival: Arrival) -> bool:
        return arrival.state not in NOT_TAKEN and matters(arrival)

    counted = {node for (node, _), mark in holding.turns.items() if mark == "unknown"}
    hides = dict.fromkeys(counted, holding.unsure)
    told = {one.node for one in (*holding.breaches(seen), *holding.forgotten(seen))}
    said = {graph.nodes[node].line for node in told}
    for one in unseen_returns(graph, seen, frozenset({"unseen"}), asked, hides):
        if one.line not in said:
            said.add(one.line)
            yield one
    for one in _gone_at_times(holding, seen):
        if one.line not in said:
            said.add(one.line)
            yield one
    for arrival in holding.undecided(seen, told):
        if (line := graph.nodes[arrival.node].line) not in said:
            kept = f"{holding.name} {holding.thing.kept}"
            why = f"a way to this return keeps {kept}, and {holding.whether()} cannot be seen"
            yield Unfollowed(line, why)
    yield from _consumed(holding, seen)
    yield from _cleared(holding, seen)
    yield from _given_up(holding, seen)
    yield from forgotten(graph, seen)


def _gone_at_times(holding: Holding, seen: Exploration) -> Iterator[Unfollowed]:
    """The returns that must not keep the thing, behind a callee which takes it over on some of its ways, and whose value does
    not tell on which."""
    steps = {number: why for number, why in seen.unclear.items() if why.endswith(AT_TIMES)}
    if not steps or holding.thing.is_lock or holding.lasts:
        return
    matters = holding.matters(seen)
    gone = seen.firsts(lambda one: one.state == "gone" and matters(one))
    for arrival in gone:
        passed = [steps[number] for number in seen.path(arrival.stop).nodes if number in steps]
        if passed:
            why = f"whether a way to this return has handed {holding.name} over cannot be seen: {passed[0]}"
            yield Unfollowed(holding.graph.nodes[arrival.node].line, why)


def _consumed(holding: Holding, seen: Exploration) -> Iterator[Unfollowed]:
    """The last releases of a function that gives back one more than it has counted, on each of its ways."""
    last = next((one for one in seen.wrongs if one.says == TWICE), None)
    if last is not None and holding.consumes(seen):
        yield Unfollowed(
            last.event.line, f"whether a caller leaves {holding.name} to {holding.graph.name}() cannot be seen"
        )


def _cleared(holding: Holding, seen: Exploration) -> Iterator[Unfollowed]:
    """The places at which the one name of the thing is cleared while it is owed, and somebody else may know of it."""
    if holding.array or holding.names != {holding.name}:
        return
    cleared = [
        number
        for number, node in enumerate(holding.graph.nodes)
        if any(a.left == holding.name and a.right == "NULL" and not a.declares for a in node.assignments)
        and "owed" in seen.at(number)
    ]
    told = {one.event.node for one in holding.overwritten(seen)} if cleared else set[int]()
    for number in cleared:
        if number not in told:
            line = holding.graph.nodes[number].line
            yield Unfollowed(line, f"{holding.name} is cleared on a way that keeps it {holding.thing.kept}")


def _given_up(holding: Holding, seen: Exploration) -> Iterator[Unfollowed]:
    """The places at which the name of the thing comes to mean another one while it is owed."""
    if holding.array or seen.merged:
        return
    kept, takers = holding.thing.kept, {number for number, _ in holding.takers}
    told = {one.event.node for one in holding.overwritten(seen)}
    for number, events in holding.events.items():
        node = holding.graph.nodes[number]
        lost = any(one.marks == ("lost",) for one in events) and number not in takers | told
        if lost and "owed" in seen.at(number) and not any(a.right in ("NULL", "0") for a in node.assignments):
            yield Unfollowed(node.line, f"{holding.name} comes to mean another one on a way that keeps it {kept}")
    for wronged in seen.wrongs:
        if wronged.says == LOST and wronged.event.node not in told:
            why = f"another one is put into {holding.name} on a way that keeps it {kept}"
            yield Unfollowed(wronged.event.line, why)


def unfollowed_takes(graph: Graph, source: Source, holdings: Callable[[], tuple[Holding, ...]]) -> Iterator[Unfollowed]:
    """The calls whose thing gets no name that can be followed, although the function may fail behind them; `holdings` gives what
    the function takes under names, where that has to be asked."""
    structures = own_holders(graph) | own_pointers(graph)
    followed = cache(lambda: {one.name for one in holdings()})
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            for place, filled in filled_by(call, source, structures, "."):
                if filled.likely:
                    if place not in followed() and _keeps(graph, source, place, filled, number, call):
                        yield Unfollowed(call.line, f"whose to give back it is what {call.callee}() puts into {place}")
                elif not filled.clear and _may_fail(graph, number):
                    yield Unfollowed(call.line, f"what {call.callee}() may put into {place} is not followed")
            if not _takes(source, call) or not _may_fail(graph, number):
                continue
            name = taken_name(graph, node, call, source)
            if name and is_several(graph, source.thing, name):
                word = source.thing.word
                yield Unfollowed(call.line, f"{name} is the first of several {word}s, which are reached by counting")
            elif not name and (why := _nameless(graph, number, call, source)):
                yield Unfollowed(call.line, why)


def _keeps(graph: Graph, source: Source, place: str, filled: Filled, number: int, call: Call) -> bool:
    """Whether some way ends with what a call puts into a place, and that may be the function's to give back."""
    arrivals = holding_under(graph, source, place, ((number, call),)).explored().arrivals
    kept = any(one.state in TAKES.open for one in arrivals)
    return kept and not source.left(graph, call, (filled.position, filled.member))


def _takes(source: Source, call: Call) -> bool:
    return source.returned(call) is not Sure.NO or (call.callee in source.thing.taking and bool(call.arguments))


def _may_fail(graph: Graph, number: int) -> bool:
    """Whether a return behind the node hands back what may be an error."""
    returns = (graph.nodes[n].returned for n in graph.behind((number,)) if graph.nodes[n].kind == "return")
    return any(value not in ("", "0", "NULL") for value in returns)


def _given_back_beside(graph: Graph, number: int, place: str, source: Source) -> str:
    """Another member of the structure in which a place is, that the function gives back behind a node, where it does not give
    back the place itself; "" for none."""
    owner = place.rpartition("->")[0]
    behind = [call for n in sorted(graph.behind((number,))) for call in graph.nodes[n].calls]
    back = [call.arguments[0] for call in behind if call.callee in source.thing.releases and call.arguments]
    if place in back:
        return ""
    return next((text for text in back if text.rpartition("->")[0] == owner), "")


def _nameless(graph: Graph, number: int, call: Call, source: Source) -> str:
    """Why a thing without a name is not followed; "" where it is another's at once."""
    node = graph.nodes[number]
    if not source.returned(call):
        return f"{call.callee}() takes `{call.arguments[0]}`, which is no name of the function's own"
    if node.kind == "return":
        return ""
    place = call_assigned(node, call)
    if not place and call.callee in source.thing.same and call.arguments:
        return f"{call.callee}() takes one more of `{call.arguments[0]}`, which the function does not give back itself"
    if not place:
        return f"what {call.callee}() takes gets no name"
    parameters = {p.name for p in graph.parameters}
    base = _WORD.match(place.lstrip("*( "))
    if "->" in place and (beside := _given_back_beside(graph, number, place, source)):
        return f"what {call.callee}() takes goes to `{place}`, and of what stands beside that only {beside} is given back here"
    if "->" in place or place.startswith("*") or (base and base[0] in parameters):
        return ""
    return f"what {call.callee}() takes goes to `{place}`, which is not followed"
