"""A return that keeps a lock -> the step ahead of which it is to be given back: what was taken first is dropped last.

A put right before the return, of what was there before the lock was taken, may free it, and sleep: nobody does so under the lock
where the lock can go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import takewhile

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.ends import GOTO, drops, is_quiet, only_gives_back, prints_for_user, takes_or_makes
from cocci_gen.kinds.opened import opened_by
from cocci_gen.kinds.takes.fixes.releases import releases_in
from cocci_gen.kinds.takes.holdings.kept import Kept, taken_at
from cocci_gen.kinds.takes.holdings.locked import StateHolding
from cocci_gen.kinds.takes.words.things import things

_NAME = re.compile(r"[A-Za-z_]\w*")
#: A constant or a variable.
_PLAIN = re.compile(r"-?\w+")


def ahead_of_puts(kept: Kept, number: int) -> int:
    """The first of the puts, and of the releases of older locks, straight ahead of a return that the lock can go before, or the
    return itself."""
    if not kept.holding.thing.is_lock:
        return number
    puts, steps = not _puts_first(kept), list(kept.graph.right_ahead(number))
    older = list(takewhile(lambda ahead: _releases_older(kept, ahead) or (puts and _drops_older(kept, ahead)), steps))
    # Two that are put one after the other stay together.
    splits = (
        any(_calls_of(kept, one) == _calls_of(kept, older[-1]) for one in steps[len(older) :][:1]) if older else False
    )
    first = [number, *older][-1]
    return number if splits or guards_nothing(kept, first) else first


def guards_nothing(kept: Kept, number: int) -> bool:
    """Whether a step stands right behind the taking of the lock: it was taken for that step, or for what comes behind."""
    return any(taker in kept.graph.ahead_of(number) for taker, _ in kept.holding.takers)


def _calls_of(kept: Kept, number: int) -> list[str]:
    """The functions that a step calls."""
    return [call.callee for call in kept.graph.nodes[number].calls]


def ahead_of_ends(kept: Kept, number: int) -> int | NoFix:
    """The step ahead of which the lock is to be given back: the first straight ahead of another one that may end what the lock
    lies in, or what that was got from, or that nobody takes with the lock held; the other one where there is none.  What lies
    between must do without the lock."""
    if not kept.holding.thing.is_lock:
        return number
    steps = list(kept.graph.right_ahead(number))
    taken = {one for one, _ in kept.holding.takers}
    steps = steps[: next((at for at, one in enumerate(steps) if one in taken), len(steps))]
    ends = [at for at, one in enumerate(steps) if _ends_owner(kept, one, steps[:at]) or _barred_at(kept, one)]
    first = steps[ends[-1]] if ends else number
    if why := _barred_before(kept, first):
        return NoFix(f"{why}: what must go first is for a person to see")
    between = [one for one in steps[: ends[-1] + 1] if not _barred_at(kept, one)] if ends else []
    if all(only_gives_back(kept.graph.nodes[one]) for one in between):
        return first
    if why := _barred_at(kept, first):
        return NoFix(f"{why}: what must go first is for a person to see")
    text = kept.graph.nodes[first].text
    return NoFix(f"`{text}` ahead of it may end what the lock lies in: where it is to go is for a person to see")


def ahead_of_alike(kept: Kept, number: int) -> int:
    """The first of the assignments straight ahead of a step whose like stands behind a release elsewhere in the function, and
    ahead of none: there the release is to stand ahead of it too; the step itself where there is none."""
    behind, ahead = set[str](), set[str]()
    for at, _ in releases_in(kept.holding):
        behind |= _set_at(kept, takewhile(lambda one: not _ends_way(kept, one), [*kept.graph.straight(at)][1:]))
        ahead |= _set_at(kept, takewhile(lambda one: _only_sets(kept, one), kept.graph.right_ahead(at)))
    alike = takewhile(
        lambda one: _only_sets(kept, one) and _set_at(kept, (one,)) <= behind - ahead, kept.graph.right_ahead(number)
    )
    return [number, *alike][-1]


def _set_at(kept: Kept, numbers: Iterable[int]) -> set[str]:
    """What some steps set, and what they tell with."""
    nodes = [kept.graph.nodes[number] for number in numbers]
    told = {f"{call.callee}()" for node in nodes for call in node.calls if _only_tells(call)}
    return told | {one.left for node in nodes for one in node.assignments}


def _only_tells(call: Call) -> bool:
    return is_quiet(call) or prints_for_user(call)


def _ends_way(kept: Kept, number: int) -> bool:
    node = kept.graph.nodes[number]
    return node.kind != "statement" or GOTO.fullmatch(node.text) is not None


def _only_sets(kept: Kept, number: int) -> bool:
    """Whether a step only tells of something, or puts a constant or a variable somewhere, and looks neither at the thing nor
    behind a pointer for that."""
    node = kept.graph.nodes[number]
    given = {text for call in node.calls for text in call.arguments}
    if node.kind == "statement" and len(node.calls) == 1 and not node.assignments and _only_tells(node.calls[0]):
        return given.isdisjoint(kept.holding.names) and not any("->" in text for text in given)
    plain = node.kind == "statement" and not node.calls and len(node.assignments) == 1
    return plain and all(
        not one.declares and _PLAIN.fullmatch(one.right) is not None and one.right not in kept.holding.names
        for one in node.assignments
    )


def _barred_before(kept: Kept, number: int) -> str:
    """What nobody does with the lock held, on the way on which it is held to a step; "" for nothing."""
    nodes = kept.seen.path(kept.arrival.stop).nodes
    behind = nodes[taken_at(kept, nodes) + 1 : nodes.index(number) if number in nodes else len(nodes)]
    return next((why for one in behind if (why := _barred_at(kept, one))), "")


def _barred_at(kept: Kept, number: int) -> str:
    """Why nobody takes a step with the lock held; "" where nothing speaks against it."""
    holding, node = kept.holding, kept.graph.nodes[number]
    every = (holding.barred(call) for call in node.calls) if isinstance(holding, StateHolding) else ()
    return next((f"`{node.text}` ahead of it {why}" for why in every if why), "")


def _ends_owner(kept: Kept, number: int, later: Iterable[int]) -> bool:
    """Whether a step may end what the lock lies in; not where the function does so first elsewhere: it has another one then, and
    not what a later step still looks into."""
    behind = " ".join(kept.graph.nodes[one].text for one in later)
    for call in kept.graph.nodes[number].calls if not _puts_first(kept) else ():
        ended = [text.removeprefix("&") for text in call.arguments if _lies_in(kept, text)]
        if (drops(call) or call.callee in _ending()) and any(f"{text}->" not in behind for text in ended):
            return True
    return False


def _lies_in(kept: Kept, text: str) -> bool:
    """Whether the lock is a part of an expression, or of what that leads to; memory that only hangs on the same is another."""
    place = text.removeprefix("&")
    if "->" in place or "." in place:
        return kept.holding.name.startswith((f"{place}->", f"{place}."))
    return not owners(kept).isdisjoint(_NAME.findall(place)[:1])


def owners(kept: Kept) -> set[str]:
    """The variable that leads to what is kept; for a member those too of which its value was made, `f = INFO(inode)`."""
    base = set(_NAME.findall(kept.holding.name)[:1])
    if base == {kept.holding.name}:
        return base
    rights = (one.right for one in kept.graph.assignments() if one.left in base)
    return base | {word for right in rights for word in _NAME.findall(right)}


@cache
def _ending() -> frozenset[str]:
    """The calls that give back a reference of any sort."""
    every = (thing.releases for thing in things().values() if not thing.is_lock)
    return frozenset[str]().union(*every)


def _puts_first(kept: Kept) -> bool:
    """Whether the function drops things right ahead of giving the lock back elsewhere."""
    ahead = (next(kept.graph.right_ahead(number), None) for number, _ in releases_in(kept.holding))
    return any(drops(call) for n in ahead if n is not None for call in kept.graph.nodes[n].calls)


def _releases_older(kept: Kept, number: int) -> bool:
    """Whether a step gives back another lock or protection that was taken before this one on the way, and does no more."""
    graph, node = kept.graph, kept.graph.nodes[number]
    if node.assignments or len(node.calls) != 1:
        return False
    nodes, takers = kept.seen.path(kept.arrival.stop).nodes, opened_by(graph, node).takers
    takes = [place for place, one in enumerate(nodes) if one in takers]
    return bool(takes) and max(takes) < taken_at(kept, nodes)


def _drops_older(kept: Kept, number: int) -> bool:
    """Whether a step drops what the function had before it took the lock, and does no more."""
    graph, node = kept.graph, kept.graph.nodes[number]
    if node.assignments or len(node.calls) != 1 or not drops(node.calls[0]):
        return False
    own = {word for text in node.calls[0].arguments for word in _NAME.findall(text)[:1]}
    if any("->" in text for text in node.calls[0].arguments) and not own.isdisjoint(owners(kept)):
        return False  # what stands beside the lock may be guarded by it
    nodes = kept.seen.path(kept.arrival.stop).nodes
    since = [graph.nodes[n] for n in nodes[taken_at(kept, nodes) + 1 :] if n != number]
    emptied = {a.left for one in since for a in one.assignments if a.right == "NULL"}
    # What was taken out of its place meanwhile is nobody else's any more.
    renamed = any(a.left in own and a.right not in emptied for one in since for a in one.assignments)
    calls = (call for one in since for call in one.calls if takes_or_makes(call))
    return bool(own) and not renamed and not any(own & set(_NAME.findall(" ".join(c.arguments))) for c in calls)
