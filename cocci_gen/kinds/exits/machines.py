"""The machines of the family: what a method that is given a page owes before it returns.

`unlocks` starts with the page locked, `writeback` with its dirty bit cleared; the second half of `writeback` owes the end of
what it has started.  A page that was handed on, or given to what cannot be seen through, is owed by nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable

from cocci_gen.code.searches.machines import RETURN, Machine, Move, Wrong

#: Before a function that takes its pages itself has one; the mark BEGIN takes it.
IDLE, BEGIN = "idle", "begin"
#: What is wrong; the first three at a return.
LOCKED, UNWRITTEN, LATE, UNENDED = "locked", "unwritten", "late", "unended"
RELOCKED, RELEASED_TWICE, FORGOTTEN = "relocked", "released twice", "forgotten"
#: A code is returned that says that the page is still locked.
PROMISED = "promised"
#: The page is another's to look after.
HANDED = "handed on"
#: It stands in a structure, and nothing says yet that somebody looks there.
LODGED = "lodged"
#: What became of it cannot be seen.
UNSEEN = "unseen"
#: It is unlocked.
FREE = "free"


def _moves(*rows: tuple[str, str, str]) -> tuple[Move, ...]:
    """Moves out of (states, marks, to), the first two as words joined by spaces."""
    return tuple(
        Move(state.replace("_", " "), mark, to)
        for states, marks, to in rows
        for state in states.split()
        for mark in marks.split()
    )


def _handed(states: Iterable[str], without: str = "") -> tuple[Move, ...]:
    marks = (("escape", HANDED), ("hand_on", HANDED), ("unknown", UNSEEN))
    return tuple(Move(state, mark, to) for state in states for mark, to in marks if mark != without)


#: `lodged`: whoever owns the structure may unlock it, or throw the structure away; `nameless`: still locked, but the name means
#: another page from here on; `gone`: nothing more can be said.
UNLOCKS = Machine(
    "unlocks",
    "held",
    _moves(
        ("idle held free gone nameless lodged handed_on unseen", "begin", "held"),
        ("held", "release", "free"),
        ("held", "lost", "nameless"),
        ("nameless", "release", "gone"),
        ("held nameless", "escape", LODGED),
        ("lodged", "hand_on", HANDED),
        ("lodged", "unknown", UNSEEN),
        ("lodged handed_on unseen", "release", "free"),
        ("free", "take", "held"),
        ("free", "lost unknown", "gone"),
    )
    + _handed(("held", "nameless"), without="escape"),
    (
        Wrong("held", RETURN, LOCKED),
        Wrong("nameless", RETURN, LOCKED),
        Wrong("held", "take", RELOCKED),
        Wrong("held", BEGIN, FORGOTTEN),
        Wrong("free", "release", RELEASED_TWICE),
    ),
)

#: `bare`: unlocked although nothing was started; `late`: started then, when anybody may have changed or dropped the page.
WRITEBACK = Machine(
    "writeback",
    "dirty",
    _moves(
        ("dirty", "start redirty", "done"),
        ("dirty", "release", "bare"),
        ("bare", "take", "dirty"),
        ("bare late", "redirty", "done"),
        ("bare", "start", "late"),
    )
    + _handed(("dirty", "bare", "late")),
    (Wrong("dirty", RETURN, UNWRITTEN), Wrong("bare", RETURN, UNWRITTEN), Wrong("late", RETURN, LATE)),
)

#: Who keeps the page before writeback begins may end it; what cannot be seen before that is no concern.
ENDS = Machine(
    "ends",
    IDLE,
    _moves(("idle owed done", "begin", "owed"), ("owed", "end", "done"), ("idle", "escape hand_on", HANDED))
    + _handed(("owed",)),
    (Wrong("owed", RETURN, UNENDED),),
)
