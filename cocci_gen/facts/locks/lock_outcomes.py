"""What a function does to a lock that its caller holds, as steps of a machine, and as seen behind the call: When it is released.

A callee that releases only sometimes is neither a release nor nothing: behind it the lock may be held still.  Where the value
that it returns tells which, the way behind the call goes on with that value alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Event, Exit, Machine, Move, Outcome, Result
from cocci_gen.code.states.known import ANY, NEGATIVE, POSITIVE, ZERO, Facts

#: The lock as the caller has it, given up, and taken back by the function itself (or by a callee that takes it for a while).
HELD, FREE, BACK = "held", "free", "back"
#: Taken although it was held, by another name or of another object; and what is released then is the function's own.
OWN, SETTLED = "own", "settled"
LOCK = Machine(
    "a lock that the caller holds",
    HELD,
    (
        Move(HELD, "release", FREE),
        Move(BACK, "release", FREE),
        Move(FREE, "take", BACK),
        Move(HELD, "take", OWN),
        Move(OWN, "release", SETTLED),
    ),
    (),
)
#: The states in which to take the lock is a deadlock; behind the first release nothing more is said.
LOCKED = frozenset({HELD, OWN})
_NONZERO = NEGATIVE | POSITIVE


class When(Enum):
    """On which of its ways a function comes back without the lock."""

    NEVER = "never"
    AGAIN = "and takes it back before it returns"
    ALWAYS = "always"
    ON_ZERO = "when it returns zero"
    ON_NONZERO = "when it returns anything but zero"
    SOMETIMES = "on some of its ways"


#: When -> the signs of what is returned with the lock given up, and with the lock still held.
_SIGNS = {
    When.ON_ZERO: (ZERO, _NONZERO),
    When.ON_NONZERO: (_NONZERO, ZERO),
    When.SOMETIMES: (ANY, ANY),
}


@dataclass(frozen=True, slots=True)
class PartRelease:
    """A call of a function that releases the lock on some of its ways only."""

    node: int
    call: Call
    when: When


def lock_events(
    graph: Graph,
    taken: Collection[tuple[int, Call]],
    releases: Collection[tuple[int, Call]],
    parts: Iterable[PartRelease],
) -> dict[int, tuple[Event, ...]]:
    """What the nodes of a function do to the lock, in the order of their calls."""
    steps = [(number, call, _always("take")) for number, call in taken]
    steps += [(number, call, _always("release")) for number, call in releases]
    steps += [(part.node, part.call, _sometimes(part.when)) for part in parts]
    found: dict[int, list[Event]] = {}
    order = {call: at for node in graph.nodes for at, call in enumerate(node.calls)}
    for number, call, comes_to in sorted(steps, key=lambda step: (step[0], order.get(step[1], 0))):
        found.setdefault(number, []).append(Event(number, call.line, call, f"{call.callee}()", comes_to))
    return {number: tuple(events) for number, events in found.items()}


def _always(*marks: str) -> Callable[[str, Facts], Outcome]:
    return lambda state, _facts: Outcome((Exit(LOCK.after(state, marks)),))


def _sometimes(when: When) -> Callable[[str, Facts], Outcome]:
    """What a callee that releases comes to, by what it returns."""
    if when is When.AGAIN:
        return _always("release", "take")
    gone, kept = _SIGNS[when]
    return lambda state, _facts: Outcome(
        (Exit(LOCK.after(state, ("release",)), Result(gone)), Exit(state, Result(kept)))
    )


def outcome(found: Exploration) -> When:
    """When a function that was searched comes back without the lock."""
    gone = kept = 0
    for one in found.arrivals:
        if one.state == FREE:
            gone |= one.result.signs
        else:
            kept |= one.result.signs
    if not gone:
        return When.AGAIN if any({FREE, BACK} & states for states in found.states.values()) else When.NEVER
    if not kept:
        return When.ALWAYS
    if not gone & ZERO and not kept & _NONZERO:
        return When.ON_NONZERO
    return When.ON_ZERO if not gone & _NONZERO and not kept & ZERO else When.SOMETIMES
