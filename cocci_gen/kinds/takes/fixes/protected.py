"""A return that keeps a lock -> the steps on the way there that the lock guards: it is given back behind them, or not at all.

Where every way comes to a step with the lock in hand, its author may count on that: a step that sets what lies beside the lock,
or that hands out the whole of it.
"""

from __future__ import annotations

import re

from cocci_gen.kinds.ends import is_quiet, only_gives_back, prints_for_user
from cocci_gen.kinds.takes.fixes.ahead import owners
from cocci_gen.kinds.takes.holdings.holding import TAKES
from cocci_gen.kinds.takes.holdings.kept import Kept
from cocci_gen.kinds.takes.holdings.locked import StateHolding

_BASE = re.compile(r"&?([A-Za-z_]\w*)")
#: What holds no lock, but keeps somebody from something: no member is guarded by it.
_NO_LOCK = re.compile(r"write access|freezing")


def is_guarded(kept: Kept, number: int) -> bool:
    """Whether a step does something that whoever holds the lock alone may do, and comes to it with the lock in hand."""
    node, holding = kept.graph.nodes[number], kept.holding
    if node.kind != "statement" or not isinstance(holding, StateHolding) or _NO_LOCK.search(holding.thing.name):
        return False
    if not kept.seen.at(number) <= TAKES.open or not kept.seen.at(number):
        return False
    inside = owners(kept)
    sets = any(("->" in a.left or "." in a.left) and _base(a.left) in inside for a in node.assignments)
    return sets or (not only_gives_back(node) and any(_is_handed_all(kept, text) for text in _given(kept, number)))


def _given(kept: Kept, number: int) -> list[str]:
    """What a step hands to calls that do something: one whose value is an argument of another only looks."""
    every = kept.graph.nodes[number].calls
    inner = {one.text for one in every for other in every if any(one.text in text for text in other.arguments)}
    calls = (call for call in every if not is_quiet(call) and not prints_for_user(call) and call.text not in inner)
    barred = kept.holding.barred if isinstance(kept.holding, StateHolding) else lambda _: ""
    return [text for call in calls if not barred(call) for text in call.arguments]


def guarded_behind(kept: Kept, number: int) -> str:
    """A step that the lock guards, behind one ahead of which the lock would be given back; "" for none."""
    behind = sorted(kept.graph.behind((number,)) | {number})
    nodes = kept.graph.nodes
    return next((nodes[one].text.removesuffix(";") for one in behind if is_guarded(kept, one)), "")


def _is_handed_all(kept: Kept, text: str) -> bool:
    """Whether an argument is what the lock lies in."""
    name = kept.holding.name
    return text.removeprefix("&") == re.sub(r"(?:->|\.)\w+$", "", name) != name


def _base(text: str) -> str:
    found = _BASE.match(text)
    return found[1] if found else ""
