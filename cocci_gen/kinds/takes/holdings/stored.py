"""What a function takes, with the places that it puts it into -> which of these leave it the function's own to give back.

`box->bh = bh;` mostly gives the buffer head to whoever owns the box.  Where the function itself gives it back at exits behind
that (the box is thrown away there), and ends well without, it is its own until it ends well: an exit that does neither keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event, Exit, Outcome
from cocci_gen.code.states.known import Facts
from cocci_gen.code.states.statuses import statuses
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.kinds.takes.holdings.holding import OWN, TAKES, gives_back_always
from cocci_gen.kinds.takes.words.things import Thing
from cocci_gen.resources import data_tables

_WORD = re.compile(r"[A-Za-z_]\w*")
_NOTHING = frozenset({"NULL", "0"})
_FIELD = re.compile(r"([A-Za-z_]\w*)(?:->\w+)+")
#: Where a parameter leads to, which who calls looks at when nothing failed: `*foliop`.
_HANDED_OUT = re.compile(r"\*([A-Za-z_]\w*)")


@dataclass(frozen=True, slots=True)
class _Words:
    """What ends a whole structure, by methods that know its fields; what frees or fills the memory of one alone; what has
    something done later with the structure that a work item is part of, and what has that freed."""

    ends: re.Pattern[str]
    memory: frozenset[str]
    later: frozenset[str]
    frees: frozenset[str]


@cache
def _words() -> _Words:
    table = data_tables("kinds/takes/words/things.toml")["fields"]
    memory, later, frees = (frozenset(table[name]) for name in ("memory", "later", "frees"))
    return _Words(re.compile(table["ends"]), memory, later, frees)


def ends_by_name(callee: str) -> bool:
    """Whether a function says by its name that it ends a whole structure, with all that stands in it."""
    return _words().ends.search(callee) is not None


def frees_memory(callee: str) -> bool:
    """Whether a function frees or fills the memory of a structure, and nothing that it points to."""
    return callee in _words().memory


@cache
def _of_part(names: frozenset[str]) -> re.Pattern[bytes]:
    """A call of some functions that is given a part of what a variable leads to."""
    return re.compile(rf"\b(?:{'|'.join(sorted(names))})\s*\([^;]*&\s*(\w+)\s*->".encode())


def does_later(text: bytes) -> bool:
    """Whether the text of a function has something done later with a structure, of which it queues a part."""
    return _of_part(_words().later).search(text) is not None


def freed_later(text: bytes) -> frozenset[str]:
    """The variables of a function of which what they lead to is freed later by a part of it, `call_rcu(&bed->rcu, bed_free)`."""
    return frozenset(name.decode() for name in _of_part(_words().frees).findall(text))


def own_until_success(
    graph: Graph,
    path: str,
    known: Summaries,
    thing: Thing,
    names: Collection[str],
    events: Mapping[int, tuple[Event, ...]],
) -> Mapping[int, tuple[Event, ...]]:
    """The steps of a function, where what it puts into a place stays its own until it ends well; calls that may give it back by
    that place hide what became of it."""
    given = {n for n, node in enumerate(graph.nodes) if any(_releases(call, thing, names) for call in node.calls)}
    releases = sorted(given | {n for n, every in events.items() if any(map(gives_back_always, every))})
    stores = dict(_stores(graph, names, events)) if releases else {}
    own = {n: place for n, place in stores.items() if _stays_own(graph, n, place, releases)}
    if len(own) != 1 or own != stores:
        return events
    ((number, place),) = own.items()
    found = dict(events)
    found[number] = tuple(_own(one, known, place) for one in events[number])
    behind, base = graph.behind((number,)), place.partition("->")[0].removeprefix("*")
    for step in sorted(behind):
        node = graph.nodes[step]
        made = {a.right.partition("(")[0].strip() for a in node.assignments if a.left == base}
        calls = [call for call in node.calls if step != number and call.callee not in made]
        hidden = [call for call in calls if may_give_back_by(graph, known, path, call, base)]
        seen = {one.call for one in found.get(step, ())}
        notes = [hiding(known, step, call, place) for call in hidden if call not in seen]
        if notes:
            found[step] = (*found.get(step, ()), *notes)
    return found


def _releases(call: Call, thing: Thing, names: Collection[str]) -> bool:
    return call.callee in thing.releases and not set(names).isdisjoint(call.arguments)


def _stores(graph: Graph, names: Collection[str], events: Mapping[int, tuple[Event, ...]]) -> Iterator[tuple[int, str]]:
    """The nodes that put the thing into a field, and the field; no field where it goes somewhere else."""
    for number, every in events.items():
        if any(one.call is None and "escape" in one.marks for one in every):
            left = [a.left for a in graph.nodes[number].assignments if a.right in names and _is_place(graph, a.left)]
            yield number, left[0] if len(left) == 1 else ""


def _is_place(graph: Graph, text: str) -> bool:
    """Whether something is put into a field, or where a parameter of a function leads to that tells of its failures."""
    handed = _HANDED_OUT.fullmatch(text)
    if handed is None:
        return _FIELD.fullmatch(text) is not None
    return statuses().tells(graph.returns) and handed[1] in {one.name for one in graph.parameters}


def _stays_own(graph: Graph, number: int, place: str, releases: Sequence[int]) -> bool:
    """Whether the function gives back behind a store what it stored, ends well without, and does not use the place for that."""
    if not place:
        return False
    behind = graph.behind((number,))
    own = behind.intersection(releases)
    if place.startswith("*"):
        return bool(own) and sum(a.left == place and a.right not in _NOTHING for a in graph.assignments()) == 1
    after = graph.behind(own)
    good = {n for n in behind if graph.nodes[n].kind == "return" and graph.nodes[n].returned == "0"}
    told = {n for n in behind - after if graph.nodes[n].kind == "return" and graph.nodes[n].returned.isidentifier()}
    if not own or not (good or told) or good & after:
        return False
    field = re.compile(rf"(?:->|\.){re.escape(place.rpartition('->')[2])}\b")
    sets = [(n, a) for n, node in enumerate(graph.nodes) for a in node.assignments if field.search(a.left)]
    if sum(1 for n, a in sets if a.right not in _NOTHING or n in behind) != 1:
        return False
    return not any(field.search(text) for call in graph.calls() for text in call.arguments)


def _own(event: Event, known: Summaries, place: str) -> Event:
    if event.call is not None or "escape" not in event.marks:
        return event
    return replace(known.step(event.node, None, (OWN,), place), line=event.line)


def hiding(known: Summaries, number: int, call: Call, place: str) -> Event:
    """A step that may give back by its place what is still owed; what was given back before has been."""
    event = known.step(number, call, ("unknown",), f"{call.callee}() may give back {place}")

    def outcome(state: str, facts: Facts) -> Outcome:
        return event.outcome(state, facts) if state in TAKES.open else Outcome((Exit(state),))

    return replace(event, outcome=outcome, marks=())


def may_give_back_by(graph: Graph, known: Summaries, path: str, call: Call, base: str) -> bool:
    """Whether a call may give the thing back by a place that begins with `base`: one that is given the structure that the place
    is in, or a function of the folder that is given what leads there or a part of it; the rest of the kernel does not know it,
    but for what it is told to do later with a part, `schedule_work(&bed->work)`."""
    if call.callee in _words().memory or base in call.arguments:
        return call.callee not in _words().memory
    above = {a.left for a in graph.assignments() if a.right == base}
    above |= {left.partition("->")[0] for left in above}
    above |= {word for a in graph.assignments() if a.left == base for word in _WORD.findall(a.right)} - {base}
    inside = any(re.match(rf"& ?\(?{base}\b", text) for text in call.arguments)
    if above.isdisjoint(call.arguments) and not inside:
        return False
    if inside and call.callee in _words().later:
        return True
    folder = folder_of(path)
    near = any(one.folder == folder for one in known.effects.index.resolve(call.callee, path))
    return near or not call.direct or ends_by_name(call.callee)
