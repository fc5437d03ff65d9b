"""Who is named by operations tables, and how each stands -> Bound and Coverage, what the rules bind of a tree, and how much of
that a scan could examine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.document.obligations import ABOUT_CALLERS
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.standings import Stand, Standing


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many functions tables name for methods that have rules, and of how many every obligation has an answer."""

    named: int = 0
    examined: int = 0

    @property
    def share(self) -> float:
        """The part that was examined; all of nothing is all."""
        return self.examined / self.named if self.named else 1.0


@dataclass(frozen=True, slots=True)
class Bound:
    """What a scan is about: the functions that some obligation binds, their files, and the obligations that bind one."""

    functions: int
    files: int
    obligations: int


def bound(standings: Iterable[Standing], unexamined: Iterable[Unexamined]) -> Bound:
    """How every function stands, and what was not examined -> how much is bound at all; a table entry that leads to no function
    is none."""
    pairs = {(one.path, one.function, one.obligation) for one in standings}
    pairs |= {(one.path, one.function, one.obligation) for one in unexamined if one.function}
    functions = {(path, function) for path, function, _ in pairs}
    return Bound(len(functions), len({path for path, _ in functions}), len({obligation for _, _, obligation in pairs}))


def coverage(named: Collection[tuple[str, str]], standings: Iterable[Standing]) -> Coverage:
    """(path, function) of those that are named, and how functions stand to obligations; a function that one obligation could not
    be examined for does not count, and neither does one that nothing is known of.  What a function owes the methods that it
    calls says nothing of those that it implements."""
    seen, open_ = set[tuple[str, str]](), set[tuple[str, str]]()
    for one in (standing for standing in standings if standing.obligation.rpartition(".")[2] not in ABOUT_CALLERS):
        (open_ if one.stand is Stand.NOT_EXAMINED else seen).add((one.path, one.function))
    return Coverage(len(named), sum(one in seen and one not in open_ for one in named))
