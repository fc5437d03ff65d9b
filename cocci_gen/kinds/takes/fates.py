"""What a helper takes, with every way through it -> what becomes of that, in words: why nothing is told of the helper."""

from __future__ import annotations

from cocci_gen.code.explorations import Exploration
from cocci_gen.kinds.takes.holding import TAKES

NOTHING = "the rule knows of nothing that it takes"


def becomes(name: str, seen: Exploration | None) -> str:
    """What becomes of a thing of that name; `seen` is None where all ways give it back or away, whatever the tests say."""
    states = {one.state for one in seen.arrivals} if seen is not None else {"back"}
    if not states.isdisjoint(TAKES.open):
        return f"it may return with {name}, and nothing says that this is its own to give back"
    return f"it gives {name} back, or away, on every way"
