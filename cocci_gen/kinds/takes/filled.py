"""A function that is given a structure -> Filled, the members into which it puts what it takes, for its caller to give back.

`err = find_loc(inode, &loc);` leaves a buffer head in `loc.bh`.  The function itself may put it there, by way of a variable or at
once, or hand the structure on to one that does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cocci_gen.code.control_flow import Call, Graph
from cocci_gen.code.explorations import Exploration
from cocci_gen.code.machines import Exit
from cocci_gen.kinds.takes.followed import call_assigned, holding_under
from cocci_gen.kinds.takes.holding import Holding, Sure, fails
from cocci_gen.kinds.takes.sources import Filled, Source, filled_by

_MEMBER = re.compile(r"(\w+)->(\w+)")
#: States in which something may stand in the member when the function comes back.
_LEFT = frozenset({"owed", "gone", "unseen"})


def fills_of(graph: Graph, source: Source) -> tuple[Filled, ...]:
    """What a function leaves in the structures that it is given."""
    positions = {one.name: at for at, one in enumerate(graph.parameters) if one.name and one.type.count("*") == 1}
    found: dict[tuple[str, str], Filled] = {}
    for holding, place in _held(graph, source, positions):
        base, _, member = place.partition("->")
        seen = holding.explored()
        exits = (Exit("owed" if one.state == "owed" else "idle", one.result) for one in seen.arrivals)
        clear = (base, member) not in found and all(_is_clear(graph, seen))
        if any(one.state in _LEFT for one in seen.arrivals):
            found[base, member] = Filled(positions[base], member, tuple(dict.fromkeys(exits)), clear)
    return tuple(found.values())


def _held(graph: Graph, source: Source, positions: Collection[str]) -> Iterator[tuple[Holding, str]]:
    """What a function takes and puts into a member of what it is given, and which member."""
    taken: dict[str, list[tuple[int, Call]]] = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            name = call_assigned(node, call) if source.returned(call) is Sure.CERTAIN else ""
            for place in (name, *(one for one, filled in filled_by(call, source, positions, "->") if filled.clear)):
                if place:
                    taken.setdefault(place, []).append((number, call))
    for name, calls in taken.items():
        direct = _MEMBER.fullmatch(name)
        if direct and direct[1] in positions:
            yield holding_under(graph, source, name, tuple(calls)), name
        places = {a.left for a in graph.assignments() if name.isidentifier() and a.right == name}
        for place in sorted(places):
            member = _MEMBER.fullmatch(place)
            if member and member[1] in positions and name not in positions:
                yield holding_under(graph, source, name, tuple(calls), frozenset({place})), place


def _is_clear(graph: Graph, seen: Exploration) -> Iterator[bool]:
    """Per return whether what it leaves is as its result says."""
    yield not seen.merged and graph.whole
    for one in seen.arrivals:
        yield one.state in ("idle", "back") if fails(graph, one) else one.state == "owed"
