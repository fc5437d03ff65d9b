"""A call that exchanges what two places hold, `swap(frame->bh, bh)` -> whether the name goes on to owe a release.

What a place of somebody else's held is his to give back as long as it stands there, and the name's from there on: the name owes
as much as before, of another thing of the same sort.  Only where the function gives back under that name later on is that seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.kinds.takes.words.things import Thing
from cocci_gen.resources import data_tables

_NAME = re.compile(r"[A-Za-z_]\w*")


@cache
def _exchanging() -> frozenset[str]:
    return frozenset(data_tables("kinds/takes/words/things.toml")["exchange"]["names"])


def still_owes(graph: Graph, number: int, call: Call | None, names: Collection[str], thing: Thing) -> bool:
    """Whether a call at a node leaves a name owing: it exchanges its thing with one that a place beyond the function's own names
    held, and the function gives back under that name behind it."""
    if call is None or call.callee not in _exchanging() or len(call.arguments) != 2:
        return False
    owing = [text for text in call.arguments if text in names and _NAME.fullmatch(text)]
    others = [text for text in call.arguments if not _NAME.fullmatch(text)]
    if len(owing) != 1 or len(others) != 1:
        return False
    behind = (one for node in graph.behind((number,)) for one in graph.nodes[node].calls)
    return any(one.callee in thing.releases and one.arguments[:1] == (owing[0],) for one in behind)
