"""Source and Filled, what the functions of one file may take, and what those that they call put into their structures."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Exit
from cocci_gen.code.states.known import Facts
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.kinds.takes.holdings.holding import Sure
from cocci_gen.kinds.takes.words.things import Thing

#: A part of a structure that stands in the function itself.
_MEMBER = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


#: The position of an argument and the member of what it leads to, as in `Filled`.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """The argument of a function that is a structure, the member ("" where the argument is the address of the pointer), and how
    the function comes back: `owed` where the caller has to give back what that holds; `clear` tells whether that is so whenever
    it does not fail, and never when it does, `likely` that its text only shows that something is put there."""

    position: int
    member: str
    exits: tuple[Exit, ...]
    clear: bool
    likely: bool = False
    via: str = ""
    #: Tests, in terms of its parameters, and their outcomes on ways that do not fail and put nothing there.
    without: tuple[tuple[str, str], ...] = ()

    @property
    def always(self) -> bool:
        """Whether it leaves something there however it comes back."""
        return all(one.state == "owed" for one in self.exits)


@dataclass(frozen=True, slots=True)
class Source:
    """What the functions of one file may take of a thing: by which calls, and what others do to it; `may` tells whether one of
    these calls can have taken, with what is known of its arguments, `agreed` whether others who call what a function calls take
    for their own what that returns, or puts where one of its arguments leads, `filled` what a call puts into members of what
    it is given, `plain` whether what a call takes has only to be given back, `left` whether nobody who calls what a function
    calls gives back what that puts where one of its arguments leads."""

    path: str
    thing: Thing
    effects: Effects
    returned: Callable[[Call], Sure]
    may: Callable[[Call, Facts], bool]
    agreed: Callable[[Graph, Call, Place], bool]
    filled: Callable[[Call], tuple[Filled, ...]]
    plain: Callable[[Call], bool]
    left: Callable[[Graph, Call, Place], bool]


def filled_by(call: Call, source: Source, bases: Collection[str], follows: str) -> Iterator[tuple[str, Filled]]:
    """The members of some structures into which a call puts what it takes, as its caller writes them: behind `->` where the
    structures are pointers, behind `.` where it is given their addresses; and the pointers, `*out` or `bh` for `&bh`."""
    prefix = "" if follows == "->" else "&"
    given = {
        position: base
        for position, argument in enumerate(call.arguments)
        if argument.startswith(prefix) and _begins(base := argument.removeprefix(prefix), prefix) in bases
    }
    for one in (
        source.filled(call) if given else ()
    ):  # what a call fills is dear to tell, and most are given no such place
        base = given.get(one.position, "")
        if not base or one.via:
            continue
        if one.member:
            yield f"{base}{follows}{one.member}", one
        else:
            yield base if prefix else f"*{base}", one


def left_by(call: Call, source: Source, declared: Mapping[str, str]) -> Iterator[tuple[str, Filled]]:
    """The members into which a call puts what it takes of structures that what it is given leads to, as its caller writes them
    who has just one pointer `declared` to such a structure."""
    for one in source.filled(call) if declared and call.direct else ():
        bases = [name for name, structure in declared.items() if structure == one.via]
        if len(bases) == 1:
            yield f"{bases[0]}->{one.member}", one


def _begins(place: str, prefix: str) -> str:
    """The variable that a place begins with, whose address is given, `walk` of `&walk.at`; else the place itself."""
    return place.partition(".")[0] if prefix and _MEMBER.fullmatch(place) else place
