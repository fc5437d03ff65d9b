"""An array of the function's own whose elements it takes -> its names, and what calls and loops do to all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event
from cocci_gen.facts.calls.page_places import aliases, own_holders
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.kinds.takes.words.emptied import filled_shelves, gives_each
from cocci_gen.kinds.takes.words.things import Thing

#: Says of a function that it gives away what it is given.
GIVES_AWAY = re.compile(
    r"release|put(?!s)|free|unlock|cleanup|drop|destroy|submit|queue|add|fail|splice|obtain|make_root|instantiate|discard"
    r"|end_|kill|evict"
)

_PLACE = re.compile(r"[A-Za-z_]\w*(?:\[.*\])?")


def elements(graph: Graph, array: str) -> frozenset[str]:
    """The elements of an array as they are written anywhere, and the variables that hold one."""
    pattern = re.compile(rf"\b{re.escape(array)}\[[^\[\]]*\]")
    texts = [text for call in graph.calls() for text in call.arguments]
    texts += [part for a in graph.assignments() for part in (a.left, a.right)]
    texts += [node.text for node in graph.nodes]
    elements = frozenset(match for text in texts for match in pattern.findall(text))
    return elements.union(*(aliases(graph, one) for one in elements)) if elements else elements


def array_given(
    graph: Graph, path: str, thing: Thing, known: Summaries, number: int, array: str, names: frozenset[str]
) -> list[Event]:
    """Calls that get the whole array: where the function gives elements back itself, only one that by its name gives away, or
    that gives back each of them."""
    own = any(c.callee in thing.releases and set(c.arguments) & names for c in graph.calls())
    calls = graph.nodes[number].calls
    given = [call for call in calls if array in call.arguments and call.callee not in ("kfree", "kvfree")]
    shelves = list(filled_shelves(graph, array)) if given and own else []

    def empties(call: Call) -> bool:
        known_to = (one for one in shelves if gives_each(call, path, known.effects, thing, one))
        return any(one.holds(graph, number, call) for one in known_to)

    away = [call for call in given if not own or GIVES_AWAY.search(call.callee) or not call.direct or empties(call)]
    return [known.step(number, call, ("unknown",), f"{call.callee}() is given {array}") for call in away]


def loops_left(
    graph: Graph, events: Mapping[int, tuple[Event, ...]], thing: Thing, taking: Collection[int]
) -> dict[tuple[int, str], str]:
    """The branches that leave a loop which gives elements back and takes none: how many, nobody knows."""
    giving = {n for n, every in events.items() if any(e.call and e.call.callee in thing.releases for e in every)}
    found: dict[tuple[int, str], str] = {}
    for number, node in enumerate(graph.nodes if giving else ()):
        if node.kind != "condition":
            continue
        inside = graph.behind((number,)) & graph.before((number,))
        if number in inside and inside & giving and not inside & set(taking):
            found |= {(number, label): "unknown" for after, label in node.successors if after not in inside}
    return found


def out_of_own_array(graph: Graph, thing: Thing, name: str) -> bool:
    """Whether a variable gets an element of an array of the function's own which another one fills, `fill(dir, bhs);
    bh = bhs[n];`, and of which the function gives elements back itself: so what stands there is taken, whoever did it."""
    own = own_holders(graph)
    filled = {text for call in graph.calls() for text in call.arguments if text in own}
    places, todo = set[str](), [name]
    while todo:
        place = todo.pop()
        if place not in places:
            places.add(place)
            todo += [a.right for a in graph.assignments() if a.left == place and _PLACE.fullmatch(a.right)]
    arrays = {one.partition("[")[0] for one in places if "[" in one} & filled
    released = (text for call in graph.calls() if call.callee in thing.releases for text in call.arguments)
    return bool(arrays) and any(text in places or text.partition("[")[0] in arrays for text in released)
