"""A release made under a test, `if (locked) mutex_unlock(...);` -> the branches around it, behind which nothing is sure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.kinds.takes.holdings.holding import Holding
from cocci_gen.kinds.takes.words.sorts import State

_FLAGS = frozenset({"0", "1", "true", "false"})
_BASE = re.compile(r"[A-Za-z_]\w*")


#: Whether a call gives it back.
Releases = Callable[[Call], bool]


def perhaps_released(graph: Graph, state: State, gives_back: Releases) -> dict[tuple[int, str], str]:
    """The branches around a release that is made under a test, `if (locked) mutex_unlock(...);`: whether it is held there, the
    test knows better."""
    found: dict[tuple[int, str], str] = {}
    for number, node in enumerate(graph.nodes):
        if node.kind != "condition" or len(node.successors) != 2:
            continue
        if _is_flag(graph, node.text):
            continue
        for (after, _), (beside, label) in (node.successors, node.successors[::-1]):
            release = _straight_to_release(graph, state, gives_back, after)
            if release is not None and _joins(graph, state, gives_back, release, beside):
                found[number, label] = "unknown"
    return found


def of_what_is_not_sure(plain: Holding, asking: Mapping[tuple[int, str], str]) -> dict[tuple[int, str], str]:
    """Those of some branches where it may not be held, or where the test asks for what the caller wants: a test that is made only
    while it is held does not ask for that."""
    seen, own = plain.explored(), {parameter.name for parameter in plain.graph.parameters}

    def stands(number: int, label: str) -> bool:
        text = plain.graph.nodes[number].text
        wanted = "->" not in text and "." not in text and bool(own & set(_BASE.findall(text)))
        return wanted or seen.merged or seen.at(number) != {"owed"} or _given_to_a_pointer(plain, number, label)

    return {branch: mark for branch, mark in asking.items() if stands(*branch)}


def _given_to_a_pointer(plain: Holding, number: int, label: str) -> bool:
    """Whether the branch beside a release hands the object to a call that nobody knows, `ops->sync(box); else unlock(box);`."""
    graph, base = plain.graph, _BASE.match(plain.name)
    begin = next(after for after, taken in graph.nodes[number].successors if taken == label)
    calls = (call for near in graph.straight(begin) for call in graph.nodes[near].calls)
    return base is not None and any(not call.direct and base[0] in call.arguments for call in calls)


def _is_flag(graph: Graph, text: str) -> bool:
    """Whether a test asks for a variable that is set to nothing but 0 and 1 by this name: the search knows which it is."""
    values = [a.right for a in graph.assignments() if a.left == text]
    given = {parameter.name for parameter in graph.parameters} | {x for c in graph.calls() for x in c.arguments}
    return text.isidentifier() and bool(values) and set(values) <= _FLAGS and not given & {text, f"&{text}"}


def _straight_to_release(graph: Graph, state: State, gives_back: Releases, number: int) -> int | None:
    """The node of a release that a way comes to without another choice; None where it takes what it releases itself."""
    for near in graph.straight(number):
        calls = graph.nodes[near].calls
        if any(state.takes(call) for call in calls):
            return None
        if any(map(gives_back, calls)):
            return near
    return None


def _joins(graph: Graph, state: State, gives_back: Releases, release: int, beside: int) -> bool:
    """Whether the way behind a release goes on where the branch around it does, or where that leads once it has done something
    else in place of it."""
    behind = graph.behind((release,), {n for n, node in enumerate(graph.nodes) if node.kind == "return"})
    if _straight_to_release(graph, state, gives_back, beside) is not None:
        return False
    straight = list(graph.straight(beside))
    joined = next((at for at, number in enumerate(straight) if number in behind), len(straight))
    return joined == 0 or (joined < len(straight) and any(graph.nodes[number].calls for number in straight[:joined]))
