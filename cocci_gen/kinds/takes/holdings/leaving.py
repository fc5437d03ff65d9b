"""A function and a place that it fills -> whether what it puts there is nobody's to give back who calls it.

`err = bed_block(bed, &bh);` often lends what a list, a cache or a transaction holds.  Where nobody who calls gives it back, and
several come well to an end with it, it is not theirs; nor is it where all that the function puts there is lent to itself.
"""

from __future__ import annotations

from collections.abc import Callable

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.takes.holdings.agreed import uses_of
from cocci_gen.kinds.takes.holdings.followed import given_back_behind
from cocci_gen.kinds.takes.holdings.holding import TAKES, Holding, fails
from cocci_gen.kinds.takes.holdings.sources import Filled, Place, Source

#: So many of those who call must end well with it: of what a file system has for itself, and of what all the kernel gives back.
_OF_OWN, _OF_ALL = 2, 3


def is_left(
    getter: Definition, place: Place, sources: Callable[[str], Source], beyond: Callable[[Definition, Place], bool]
) -> bool:
    """Whether those who call a function leave what it puts into a place; `beyond` tells the same of what it calls itself."""
    source = sources(getter.path)
    kept, least = 0, _OF_OWN if source.thing.owned else _OF_ALL
    for holding, number in uses_of(getter, place, sources):
        if given_back_behind(holding, number):
            return False
        kept += kept < least and _ends_well_with(holding)
    return kept >= least or _is_lent(getter, place, source, beyond)


def _ends_well_with(holding: Holding) -> bool:
    """Whether a function comes to an end that is no failure with the thing in hand, as far as is seen."""
    return any(one.state in TAKES.open and not fails(holding.graph, one) for one in holding.explored().arrivals)


def _is_lent(getter: Definition, place: Place, source: Source, beyond: Callable[[Definition, Place], bool]) -> bool:
    """Whether a function puts into a place only what it has been lent itself."""
    graph = source.effects.index.graph(getter)
    position, member = place
    if graph is None or not graph.whole or position >= len(graph.parameters):
        return False
    name = graph.parameters[position].name
    into = f"{name}->{member}" if member else f"*{name}"
    put = [a.right for a in graph.assignments() if a.left == into and a.right not in ("NULL", "0")]
    if not all(_is_got_alone(graph, source, text) for text in put):
        return False
    every = [(call, one) for call in graph.calls() for one in source.filled(call)]
    got = [(_given(call, one), call, one) for call, one in every if not one.via]
    lent = [(call, one) for text, call, one in got if text == name and one.member == member]
    lent += [(call, one) for text, call, one in got if text.removeprefix("&") in put and not one.member]
    told = {_given(call, one).removeprefix("&") for call, one in lent}
    return (
        bool(lent)
        and told.issuperset(put)
        and all(_is_lent_by(call, one, getter, source, beyond) for call, one in lent)
    )


def _is_got_alone(graph: Graph, source: Source, text: str) -> bool:
    """Whether a variable holds what calls put into it, and nothing that the function has put there or counted itself."""
    counts = source.thing.taking | source.thing.same
    sets = (a for a in graph.assignments() if a.left == text and a.right not in ("NULL", "0"))
    return (
        text.isidentifier()
        and not any(sets)
        and not any(call.callee in counts and text in call.arguments for call in graph.calls())
    )


def _given(call: Call, one: Filled) -> str:
    """What a call is given where it fills something."""
    return call.arguments[one.position] if one.position < len(call.arguments) else ""


def _is_lent_by(
    call: Call, one: Filled, getter: Definition, source: Source, beyond: Callable[[Definition, Place], bool]
) -> bool:
    every = source.effects.index.resolve(call.callee, getter.path)
    return len(every) == 1 and beyond(every[0], (one.position, one.member))
