"""An exit that breaks a rule -> Through, the jump to where the function's other exits do what it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.code.states.known import NEGATIVE
from cocci_gen.kinds.exits.breaking import Breaking
from cocci_gen.kinds.jumps import Jump, also_owed, jump_for


@dataclass(frozen=True, slots=True)
class Through:
    """A jump to a label behind which the page is unlocked, and what is to be done ahead of it."""

    jump: Jump
    ahead: tuple[str, ...]


def release_jump(breaking: Breaking, owed: list[str]) -> Through | None:
    """The jump to what other exits do, a redirty among it where one is owed and made there."""
    released, redirtied = _made(breaking)
    signs = NEGATIVE if breaking.fails else breaking.result.signs
    graph, number = breaking.duty.graph, breaking.number
    if owed and (both := jump_for(graph, number, [released, redirtied], signs)):
        return Through(both, ()) if _fits(breaking, both) else None
    found = jump_for(graph, number, [released], signs)
    return Through(found, tuple(owed)) if found is not None and _fits(breaking, found) else None


def also_kept(breaking: Breaking, number: int) -> str:
    """What else than the page's lock and its redirty other exits give back behind a label, and the exit keeps; "" for nothing."""
    return also_owed(breaking.duty.graph, number, [one for made in _made(breaking) for one in made])


def _made(breaking: Breaking) -> tuple[list[int], list[int]]:
    """The steps that unlock the page, and those that redirty it."""
    touches = breaking.duty.touches
    released = [touch.node for touch in touches if touch.marks == {"release"}]
    return released, [touch.node for touch in touches if "redirty" in touch.marks]


def _fits(breaking: Breaking, jump: Jump) -> bool:
    """What a success says of the page's data is no end for a failure, and the name of a failure none for a success."""
    return bool(breaking.node.returned) and (breaking.fails or not jump.sets)
