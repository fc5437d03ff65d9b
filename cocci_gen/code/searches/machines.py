"""Machine, the states of one resource as data, and what one step of a function makes of them.

A kind says which marks move the resource from state to state, and in which state a mark or a return is wrong.  The search
(`code/searches/search`) does the rest.  What no move names leaves the state alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.states.known import ANY, Facts

#: What a pointer may be: an error pointer, or none.
ERROR, POINTER = 1, 2
EITHER = ERROR | POINTER
#: The mark of a return, for what is wrong there.
RETURN = "return"


#: The constants of one enumeration, or two error codes: different names, different values.
_NAMED = re.compile(r"-?[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """What is known of a returned value: the signs that it may have, the constant that it equals ("" for none known), and
    whether it may be an error pointer; `other_than` are codes that it does not equal, `given` what is known then of what was
    handed in, as the caller names it."""

    signs: int = ANY
    constant: str = ""
    pointer: int = EITHER
    other_than: tuple[str, ...] = ()
    given: Facts = ()

    def meets(self, other: Result) -> bool:
        """Whether one value may be both."""
        if other.constant in self.other_than or self.constant in other.other_than:
            return False
        named = _NAMED.fullmatch(self.constant) and _NAMED.fullmatch(other.constant)
        if named and self.constant != other.constant:
            return False
        theirs = {place: signs for place, signs, _ in other.given}
        if any(not signs & theirs.get(place, ANY) for place, signs, _ in self.given):
            return False
        return bool(self.signs & other.signs) and bool(self.pointer & other.pointer)


ANYTHING = Result()


@dataclass(frozen=True, slots=True)
class Move:
    """In `state`, `mark` leads to `to`."""

    state: str
    mark: str
    to: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """In `state`, `mark` (or RETURN) is wrong; `says` names the wrong."""

    state: str
    mark: str
    says: str


@dataclass(frozen=True)
class Machine:
    """The states of one resource: where it starts, what moves it, what is wrong."""

    name: str
    start: str
    moves: tuple[Move, ...]
    wrong: tuple[Wrong, ...]

    @cached_property
    def _moves(self) -> dict[tuple[str, str], str]:
        return {(move.state, move.mark): move.to for move in self.moves}

    @cached_property
    def _wrong(self) -> dict[tuple[str, str], str]:
        return {(one.state, one.mark): one.says for one in self.wrong}

    @cached_property
    def marks(self) -> frozenset[str]:
        """Every mark that the machine knows."""
        return frozenset(move.mark for move in self.moves) | frozenset(one.mark for one in self.wrong)

    def after(self, state: str, marks: Iterable[str]) -> str:
        """The state behind the marks, one after the other."""
        for mark in marks:
            state = self._moves.get((state, mark), state)
        return state

    def says(self, state: str, mark: str) -> str:
        """What is wrong with a mark in a state, "" when nothing is."""
        return self._wrong.get((state, mark), "")

    def step(self, number: int, call: Call, mark: str) -> Event:
        """The step of a node that always moves by one mark, and is wrong where that is."""

        def outcome(state: str, _facts: Facts) -> Outcome:
            says = self.says(state, mark)
            return Outcome((Exit(self.after(state, (mark,))),), ((says, mark),) if says else ())

        return Event(number, call.line, call, f"{call.callee}()", outcome, (mark,))

    @cached_property
    def open(self) -> frozenset[str]:
        """The states in which no function may return."""
        return frozenset(one.state for one in self.wrong if one.mark == RETURN)


@dataclass(frozen=True, slots=True, order=True)
class Exit:
    """One way out of a step: the state behind it and what it returned."""

    state: str
    result: Result = ANYTHING


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step may come to in one state: its exits, what is wrong in it as (says, words), and why it could not be seen
    through ("" when it could)."""

    exits: tuple[Exit, ...]
    wrongs: tuple[tuple[str, str], ...] = ()
    unclear: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether it comes to several states with results that do not tell them apart."""
        exits = self.exits
        return any(one.state != other.state and one.result.meets(other.result) for one in exits for other in exits)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a node: a call (or a store, then `call` is None), and what it comes to, given the state before it and what is
    known there; `marks` where it always does the same."""

    node: int
    line: int
    call: Call | None
    note: str
    outcome: Callable[[str, Facts], Outcome]
    marks: tuple[str, ...] = ()
