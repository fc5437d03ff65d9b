"""A return that keeps a lock -> the step ahead of which it is to be given back: what was taken first is dropped last.

A put right before the return, of what was there before the lock was taken, may free it, and sleep: nobody does so under the lock
where the lock can go first.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.ends import drops, only_gives_back, takes_or_makes
from cocci_gen.kinds.takes.kept import Kept, taken_at
from cocci_gen.kinds.takes.locked import StateHolding
from cocci_gen.kinds.takes.releases import releases_in
from cocci_gen.kinds.takes.things import things

_NAME = re.compile(r"[A-Za-z_]\w*")


def ahead_of_puts(kept: Kept, number: int) -> int:
    """The first of the puts straight ahead of a return that the lock can go before, or the return itself."""
    if kept.holding.thing.kept not in ("locked", "held") or _puts_first(kept):
        return number
    puts = takewhile(lambda ahead: _drops_older(kept, ahead), kept.graph.right_ahead(number))
    return [number, *puts][-1]


def ahead_of_ends(kept: Kept, number: int) -> int | NoFix:
    """The step ahead of which the lock is to be given back: the first straight ahead of another one that may end what the lock
    lies in, or what that was got from, or that takes the lock itself; the other one where there is none.  What lies between must
    do without the lock."""
    if kept.holding.thing.kept not in ("locked", "held"):
        return number
    steps = list(kept.graph.right_ahead(number))
    ends = [at for at, one in enumerate(steps) if _ends_owner(kept, one) or _retaken_at(kept, one)]
    taken = {one for one, _ in kept.holding.takers}
    if not ends or any(one in taken for one in steps[: ends[-1] + 1]):
        return number if not (late := _retaken_before(kept, number)) else _may_wait(late)
    between = [one for one in steps[: ends[-1] + 1] if not _retaken_at(kept, one)]
    if all(only_gives_back(kept.graph.nodes[one]) for one in between):
        return steps[ends[-1]]
    text = kept.graph.nodes[steps[ends[-1]]].text
    if _retaken_at(kept, steps[ends[-1]]):
        return _may_wait(text)
    return NoFix(f"`{text}` ahead of it may end what the lock lies in: where it is to go is for a person to see")


def _may_wait(text: str) -> NoFix:
    return NoFix(f"`{text}` ahead of it takes the lock as well: what must go first is for a person to see")


def _retaken_before(kept: Kept, number: int) -> str:
    """A step that takes the lock itself, on the way to another one on which it is held; "" for none."""
    nodes = kept.seen.path(kept.arrival.stop).nodes
    behind = nodes[taken_at(kept, nodes) + 1 : nodes.index(number) if number in nodes else len(nodes)]
    return next((kept.graph.nodes[one].text for one in behind if _retaken_at(kept, one)), "")


def _retaken_at(kept: Kept, number: int) -> bool:
    """Whether a step calls what takes the lock itself."""
    holding = kept.holding
    return isinstance(holding, StateHolding) and any(map(holding.retaken_by, kept.graph.nodes[number].calls))


def _ends_owner(kept: Kept, number: int) -> bool:
    """Whether a step may end what the lock lies in; not where the function does so first elsewhere: it has another one then."""
    owners, node = _owners(kept), kept.graph.nodes[number]
    for call in node.calls if not _puts_first(kept) else ():
        given = {name[0] for text in call.arguments if (name := _NAME.findall(text))}
        if (drops(call) or call.callee in _ending()) and not owners.isdisjoint(given):
            return True
    return False


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
