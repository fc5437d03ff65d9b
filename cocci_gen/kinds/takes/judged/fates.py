"""What a helper takes, with every way through it -> what becomes of that, in words: why nothing is told of the helper.

Said is no more than what was looked at: which takings, and whether each way was followed or only the order of the steps.
"""

from __future__ import annotations

from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.kinds.takes.holdings.holding import NOT_TAKEN, TAKES, Holding

NOTHING = "the rule knows of nothing that it takes"
#: Lines of takings that are named.
_LINES = 3


def becomes(name: str, holding: Holding, seen: Exploration | None) -> str:
    """What becomes of what is taken under a name; `seen` is None where, whatever the tests say, no way leads to a return past
    what gives it back or takes it over."""
    lines = [str(line) for line in sorted({call.line for _, call in holding.takers})]
    at = f"lines {', '.join(lines[:_LINES])}" if len(lines) > 1 else f"line {lines[0]}"
    thing = f"{name} of {at}{' and more' if len(lines) > _LINES else ''}"
    if seen is None:
        return f"no way to a return leads past what gives {thing} back, or takes it over"
    states = {one.state for one in seen.arrivals} - NOT_TAKEN
    if not states.isdisjoint(TAKES.open):
        return f"it may return with {thing}, and nothing says that this is its own to give back"
    if "unseen" in states:
        return f"what becomes of {thing} cannot be seen on all ways"
    if not states:
        return f"no way to a return was found on which {thing} is taken"
    return f"it gives {thing} back{'' if states == {'back'} else ', or away,'} on the ways that were followed"
