"""A return that keeps what the function has taken -> the call that gives it back, and the statements that do so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.searches.machines import Event
from cocci_gen.kinds.ends import changes, does
from cocci_gen.kinds.takes.holdings.holding import Holding, fails, may_give_back
from cocci_gen.kinds.takes.holdings.kept import OWN_NAME, Kept, taken_at
from cocci_gen.kinds.takes.words.sorts import giving_back, unlocks


def release_of(kept: Kept) -> str:
    """The call that gives the thing back: as the function writes it where it fails elsewhere, else the one that all things of the
    type are given back with, else, for a lock, as it is written where the function succeeds; "" where none is known."""
    holding = kept.holding
    every = list(releases_in(holding)) or list(_by_helpers(holding))
    parted = [call for number, call in every if _is_for_others(kept, number, call)]
    if failing := [call for number, call in every if _fails_behind(kept, number) and call not in parted]:
        return _usual(kept, failing)
    if not holding.thing.undo:
        return _usual(kept, [call for _, call in every]) or _plain_release(holding)
    if every and all(call.callee in holding.thing.more for _, call in every):
        return _usual(kept, [call for _, call in every if _is_ready(kept, call)])
    if not every and (helped := list(_by_own_helpers(holding))):
        return _usual(kept, helped)
    undoing = {holding.thing.undo[word] for word in holding.thing.undo if _is_of(holding, word)}
    # What is new is told apart by the test that parts the two.
    plain = bool(parted) or all(holding.plain(call) for _, call in holding.takers)
    return f"{undoing.pop()}({holding.name})" if plain and len(undoing) == 1 and holding.name.isidentifier() else ""


def _is_for_others(kept: Kept, number: int, call: Call) -> bool:
    """Whether a call gives back more than the thing, a lock that comes with it, and a test of the thing parts it from the return:
    `iget_failed(inode)` where the inode is new, and the return has found that it is not."""
    if not unlocks(call):
        return False
    graph, names = kept.graph, kept.holding.names
    for one in kept.seen.path(kept.arrival.stop).decisions:
        sides = [after for after, label in graph.nodes[one.node].successors if label == one.label]
        asks = not names.isdisjoint(OWN_NAME.findall(graph.nodes[one.node].text))
        if asks and number not in {*sides, *graph.behind(sides, {one.node})}:
            return True
    return False


def _is_ready(kept: Kept, call: Call) -> bool:
    """Whether all that a call is given has got a value on the way to the return."""
    given = {word for text in call.arguments for word in OWN_NAME.findall(text)}
    own = {one.left for one in kept.graph.assignments()} & given
    passed = [kept.graph.nodes[n] for n in kept.seen.path(kept.arrival.stop).nodes]
    handed = {text.removeprefix("&") for node in passed for one in node.calls for text in one.arguments}
    return own <= handed | {one.left for node in passed for one in node.assignments}


def _plain_release(holding: Holding) -> str:
    """The one call that gives a lock back and does nothing else, where the function itself does so only by one that does more,
    `up_write(&box->lock)` beside a `downgrade_write()`, or not at all; "" where there is none."""
    every = {giving_back(call) for _, call in holding.takers}
    own = {one.call for events in holding.events.values() for one in events if may_give_back(one)}
    others = {call for call in own if call is None or call.callee not in holding.thing.consumes}
    return every.pop() if len(every) == 1 and not others else ""


def _usual(kept: Kept, calls: list[Call]) -> str:
    """The call that is written most, of equals the nearest before the return."""
    line = kept.graph.nodes[kept.arrival.node].line
    texts = Counter(call.text for call in calls)
    usual = [call for call in calls if texts[call.text] == max(texts.values())]
    return min(usual, key=lambda call: (call.line > line, abs(line - call.line))).text if usual else ""


def releases_in(holding: Holding) -> Iterator[tuple[int, Call]]:
    """The calls of the function itself that give the very thing back and do nothing else."""
    for number, events in holding.events.items():
        for one in events:
            call = one.call
            if (
                call is not None
                and call.callee in holding.thing.releases
                and holding.is_given(call)
                and may_give_back(one)
            ):
                yield number, call


def _by_helpers(holding: Holding) -> Iterator[tuple[int, Call]]:
    """The calls of helpers that give the thing back, where helpers that are given the same take it."""
    given = {call.arguments for _, call in holding.takers if call.callee not in holding.thing.taking}
    if len(given) != 1 or not all(call.callee not in holding.thing.taking for _, call in holding.takers):
        return
    for number, events in holding.events.items():
        for one in events:
            call = one.call
            if call is not None and call.arguments in given and changes(call) and _certainly_gives_back(one):
                yield number, call


def _by_own_helpers(holding: Holding) -> Iterator[Call]:
    """The calls that are given the thing alone and certainly give it back, as the function does elsewhere: what gives back more,
    `leaf_put_page(page)` with the map, is how a thing that was got like this goes."""
    for events in holding.events.values():
        for one in events:
            call = one.call
            alone = call is not None and call.direct and call.arguments == (holding.name,) and changes(call)
            if call is not None and alone and _certainly_gives_back(one):
                yield call


def undone_elsewhere(kept: Kept) -> bool:
    """Whether the function gives the thing back where it fails otherwise: whoever else may keep it, it is the function's own."""
    return any(_fails_behind(kept, number) for number, _ in releases_in(kept.holding))


def companion_of(kept: Kept) -> str:
    """What stands right ahead of each call that gives the thing back where the function fails, and is about the same thing: an
    undoing of which the call alone would be a part; "" for nothing."""
    holding, found = kept.holding, list[set[str]]()
    other = {call.text for one in kept.beside for _, call in releases_in(one)}
    nodes = kept.seen.path(kept.arrival.stop).nodes
    passed = {call.text for n in nodes for call in kept.graph.nodes[n].calls}
    behind = kept.graph.behind(nodes[max(0, taken_at(kept, nodes)) :][:1])
    for number, _ in releases_in(holding):
        # What another taking is undone with says nothing of this one.
        if number in behind and _fails_behind(kept, number):
            every = _ahead(kept, number)
            found.append({call.text for call in every if call.arguments[:1] and call.arguments[0] in holding.names})
    common = set[str].intersection(*found) - other - passed if found else set[str]()
    return min(common, default="")


def _ahead(kept: Kept, number: int) -> list[Call]:
    """The calls straight ahead of a step that give back or unmake."""
    calls: list[Call] = []
    while True:
        every = kept.graph.ahead_of(number)
        if len(every) != 1 or kept.graph.nodes[every[0]].kind != "statement" or not does(kept.graph.nodes[every[0]]):
            return calls
        number = every[0]
        calls += [call for call in kept.graph.nodes[number].calls if changes(call)]


def _fails_behind(kept: Kept, number: int) -> bool:
    """Whether a failing return lies behind a node: what ends a success may also say that a page is good."""
    behind = kept.graph.behind((number,))
    fault = "fault" in kept.graph.returns
    return any(one.node in behind and (fault or fails(kept.graph, one)) for one in kept.seen.arrivals)


def _is_of(holding: Holding, word: str) -> bool:
    """Whether what was taken is of a type; the names of the calls that take say which of two."""
    if len(holding.thing.undo) == 1:
        return True
    return all(word in call.callee for _, call in holding.takers)


def making(kept: Kept, release: str) -> set[int]:
    """The statements that are a call, or do the same with others beside the thing, or by a helper that certainly does."""
    graph = kept.graph
    made = {number for number, node in enumerate(graph.nodes) if node.text == f"{release};"}
    every = [
        holding for holding in (kept.holding, *kept.beside) if release == release_of(replace(kept, holding=holding))
    ]
    made |= {number for holding in every for number, _ in releases_in(holding)}
    return made | {
        number
        for holding in every
        for number, events in holding.events.items()
        for one in events
        if one.call is not None and one.call.callee not in holding.thing.releases and _certainly_gives_back(one)
    }


def _certainly_gives_back(event: Event) -> bool:
    """Whether a step gives the thing back on all of its ways."""
    exits = event.outcome("owed", ()).exits
    return bool(exits) and all(one.state == "back" for one in exits)
