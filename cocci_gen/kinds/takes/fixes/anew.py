"""A function as it was, and mended -> what of all that it takes is wrong in the mended one, and was not in the old.

The duties of a scan are those that were broken before.  A fix may break another one: a jump to a label too far gives back what
was given back already, or keeps what was sound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.takes.holdings.holding import Holding
from cocci_gen.kinds.takes.holdings.states import closed, state_holdings, states_in
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.owned import owned_of
from cocci_gen.kinds.takes.words.things import things


def newly_broken(
    definition: Definition, old: tuple[Graph, bytes], mended: tuple[Graph, bytes], facts: TreeFacts
) -> tuple[str, ...]:
    """What is wrong in the mended function of a definition (its graph and text) with anything that it takes, and was not; what
    the function first gives back itself by the fix was left to others before that, on all its ways."""
    was, now = (list(_holdings(definition.path, *one, facts)) for one in (old, mended))
    own = {(holding.thing.name, holding.name) for holding in was if _stores(holding)}
    before = Counter(_broken(was))
    after = Counter(_broken(one for one in now if (one.thing.name, one.name) in own or not _stores(one)))
    return tuple(sorted(after - before))


def _stores(holding: Holding) -> bool:
    """Whether the function puts it where others find it, and it is still its own."""
    return bool(holding.stored(range(len(holding.graph.nodes))))


def _broken(holdings: Iterable[Holding]) -> Iterator[str]:
    for holding in holdings:
        if holding.settled():
            continue
        graph = holding.graph
        seen, named = holding.explored(), f"{holding.thing.word} {holding.name}"
        for one in (*holding.breaches(seen), *holding.forgotten(seen)):
            yield f"{graph.name}() comes to `{graph.nodes[one.node].text}` with {named} still {holding.thing.kept}"
        for wrong in (*holding.twice(seen), *holding.overwritten(seen)):
            yield f"{graph.name}() takes {named} or gives it back once more at `{graph.nodes[wrong.event.node].text}`"


def _holdings(path: str, graph: Graph, text: bytes, facts: TreeFacts) -> Iterator[Holding]:
    """All that the function takes; what is not known of who calls it is taken for the worse, before and behind."""
    for thing in (*things().values(), *owned_of(facts.index).in_text(text, path)):
        takers = takers_of(thing, facts.index, facts.effects)
        if takers.in_text(text, path):
            yield from takers.holdings(graph, path)
    for state in states_in(text, path, facts.index):
        yield from state_holdings(graph, path, state, facts.index, alone=False, unclosed=closed)
