"""A Graph and a way -> what the way opens and leaves open, although the function closes it elsewhere.

Pairs are known by their names: `sb_start_pagefault(sb)` and `sb_end_pagefault(sb)`, given the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import Path

_BACK = (
    ("lock", "unlock"), ("down", "up"), ("begin", "end"), ("start", "stop"), ("start", "end"), ("get", "put"),
    ("acquire", "release"), ("enter", "exit"), ("enter", "leave"), ("map", "unmap"), ("alloc", "free"),
)  # fmt: skip
#: What is undone by those, beside locks and references.
_UNDONE = (
    ("init", "uninit"), ("set", "clear"), ("kmap", "kunmap"), ("block", "unblock"), ("pin", "unpin"), ("nq", "dq"),
    ("queue", "dequeue"), ("enqueue", "dequeue"), ("charge", "uncharge"), ("reserve", "unreserve"), ("freeze", "thaw"),
    ("freeze", "unfreeze"), ("start", "commit"), ("begin", "commit"), ("start", "abort"), ("begin", "abort"),
    ("inc", "dec"), ("add", "del"), ("add", "remove"), ("insert", "remove"), ("register", "unregister"),
    ("attach", "detach"), ("alloc", "cancel"), ("alloc", "commit"),
)  # fmt: skip
#: What begins something that is to be ended in the same function.
_ENDED = (
    *(pair for pair in _BACK if pair[0] not in ("map", "alloc")), ("nq", "dq"), ("block", "unblock"), ("freeze", "thaw"),
    ("freeze", "unfreeze"), ("begin", "commit"), ("begin", "abort"), ("begin", "cancel"), ("start", "commit"),
    ("start", "abort"), ("start", "finish"), ("want", "drop"), ("hold", "unhold"), ("suspend", "resume"),
)  # fmt: skip
#: What makes a structure ready for use, and takes what that is to have.
_MADE_READY = tuple(("init", end) for end in ("exit", "uninit", "fini", "destroy", "release", "free", "put"))
_TAKES_NOTHING = re.compile(r"unlock|trylock|_put|put_|unmap|free")
#: Takes nothing when it is told so by what it returns.
_MAY_FAIL = re.compile(r"try|killable|interruptible|_get_|alloc|get$")


def opens(callee: str) -> bool:
    """Whether the name of a function does not say that it only tries, or gives back."""
    return _TAKES_NOTHING.search(callee) is None


def partners(callee: str) -> frozenset[str]:
    """The names that a function which takes back what this one gave could have: `inode_lock` -> `inode_unlock`."""
    return _named(callee, _BACK)


def undoing(callee: str) -> frozenset[str]:
    """The names that a function could have which undoes what this one did: `set_bit` -> `clear_bit`, its partners among them."""
    return _named(callee, (*_BACK, *_UNDONE))


def ending(callee: str) -> frozenset[str]:
    """The names that a function could have which ends what this one began: `bed_want_write` -> `bed_drop_write`."""
    return _named(callee, _ENDED)


def unmaking(callee: str) -> frozenset[str]:
    """The names that a function could have which ends what this one made ready: `bed_iter_init` -> `bed_iter_exit`."""
    return _named(callee, _MADE_READY)


def _named(callee: str, pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    known = ((take, back) for take, back in pairs if take in callee)  # patterns for all would not be kept by `re`
    names = {re.sub(rf"(?<![a-z]){take}(?![a-z])", back, callee, count=1) for take, back in known}
    return frozenset(names - {callee})


def left_open(graph: Graph, path: Path) -> tuple[str, str]:
    """(what opens, what closes) of the first pair that a way leaves open, and another way of the function closes; ("", "") for
    none."""
    first = next(_open_pairs(graph, path), None)
    return (first[0].callee, first[1]) if first else ("", "")


def closing_alone(graph: Graph, path: Path, exits: Iterable[int]) -> tuple[Call, Call] | None:
    """(what opens, what closes) of the one pair that a way leaves open, where all ways to `exits` have opened it and not closed
    it, and all that end elsewhere close it; None where that is not so, or what closes takes more than what opens."""
    pairs = {(call.callee, back, call.arguments[:1]): call for call, back in _open_pairs(graph, path)}
    if len(pairs) != 1:
        return None
    ((_, back, given), opening) = next(iter(pairs.items()))
    made = [(number, call) for number, node in enumerate(graph.nodes) for call in node.calls]
    opens_ = {number for number, call in made if (call.callee, call.arguments[:1]) == (opening.callee, given)}
    closes = {number: call for number, call in made if (call.callee, call.arguments[:1]) == (back, given)}
    kept = graph.behind(opens_, closes)
    own = set(exits)
    ends = {n for n, node in enumerate(graph.nodes) if any(graph.nodes[to].kind == "exit" for to, _ in node.successors)}
    unopened = graph.behind((0,), opens_) | graph.behind(closes, opens_)
    if own & unopened or (ends & kept) - own - set(closes) or {call.arguments for call in closes.values()} != {given}:
        return None
    return opening, next(iter(closes.values()))


def _open_pairs(graph: Graph, path: Path) -> Iterator[tuple[Call, str]]:
    """The calls by which a way opens what it leaves open, each with the name of what closes it elsewhere."""
    closing = {(call.callee, call.arguments[:1]) for call in graph.calls() if call.direct}
    made = [call for number in path.nodes for call in graph.nodes[number].calls]
    for at, call in enumerate(made):
        for back in sorted(_backs(call)):
            one = (back, call.arguments[:1])
            if one in closing and one not in {(later.callee, later.arguments[:1]) for later in made[at:]}:
                yield call, back


def _backs(call: Call) -> Iterator[str]:
    if call.direct and opens(call.callee) and not _MAY_FAIL.search(call.callee):
        yield from partners(call.callee)
