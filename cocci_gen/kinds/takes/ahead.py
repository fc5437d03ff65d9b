"""A return that keeps a lock -> the step ahead of which it is to be given back: what was taken first is dropped last.

A put right before the return, of what was there before the lock was taken, may free it, and sleep: nobody does so under the lock
where the lock can go first.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from cocci_gen.kinds.ends import drops, takes_or_makes
from cocci_gen.kinds.takes.kept import Kept, taken_at
from cocci_gen.kinds.takes.releases import releases_in
from cocci_gen.kinds.takes.things import things

_NAME = re.compile(r"[A-Za-z_]\w*")


def ahead_of_puts(kept: Kept, number: int) -> int:
    """The first of the puts straight ahead of a return that the lock can go before, or the return itself."""
    if kept.holding.thing.kept not in ("locked", "held") or _puts_first(kept):
        return number
    puts = takewhile(lambda ahead: _drops_older(kept, ahead), kept.graph.right_ahead(number))
    return [number, *puts][-1]


def owner_gone(kept: Kept, number: int) -> str:
    """The step straight ahead of another one that may end what a lock lies in, or what that was got from; "" for none, and where
    the function does so elsewhere: it has another reference then."""
    if kept.holding.thing.kept not in ("locked", "held") or _puts_first(kept):
        return ""
    owners = _owners(kept)
    for node in (kept.graph.nodes[ahead] for ahead in kept.graph.right_ahead(number)):
        for call in node.calls:
            given = {name[0] for text in call.arguments if (name := _NAME.findall(text))}
            if (drops(call) or call.callee in _ending()) and not owners.isdisjoint(given):
                return node.text
    return ""


def _owners(kept: Kept) -> set[str]:
    """The variable that leads to what is kept; for a member those too of which its value was made, `f = INFO(inode)`."""
    base = set(_NAME.findall(kept.holding.name)[:1])
    if base == {kept.holding.name}:
        return base
    rights = (one.right for one in kept.graph.assignments() if one.left in base)
    return base | {word for right in rights for word in _NAME.findall(right)}


@cache
def _ending() -> frozenset[str]:
    """The calls that give back a reference of any sort."""
    every = (thing.releases for thing in things().values() if thing.kept not in ("locked", "held"))
    return frozenset[str]().union(*every)


def _puts_first(kept: Kept) -> bool:
    """Whether the function drops things right ahead of giving the lock back elsewhere."""
    ahead = (next(kept.graph.right_ahead(number), None) for number, _ in releases_in(kept.holding))
    return any(drops(call) for n in ahead if n is not None for call in kept.graph.nodes[n].calls)


def _drops_older(kept: Kept, number: int) -> bool:
    """Whether a step drops what the function had before it took the lock, and does no more."""
    graph, node = kept.graph, kept.graph.nodes[number]
    if node.assignments or len(node.calls) != 1 or not drops(node.calls[0]) or len(node.calls[0].arguments) != 1:
        return False
    own = set(_NAME.findall(node.calls[0].arguments[0])[:1])
    nodes = kept.seen.path(kept.arrival.stop).nodes
    since = [graph.nodes[n] for n in nodes[taken_at(kept, nodes) + 1 :] if n != number]
    renamed = any(a.left in own for one in since for a in one.assignments)
    calls = (call for one in since for call in one.calls if takes_or_makes(call))
    return bool(own) and not renamed and not any(own & set(_NAME.findall(" ".join(c.arguments))) for c in calls)
