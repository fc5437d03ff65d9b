"""Who is named by operations tables, and how each stands -> Coverage, how much of what the rules bind a scan could examine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cocci_gen.document.obligations import ABOUT_CALLERS
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


def coverage(named: Collection[tuple[str, str]], standings: Iterable[Standing]) -> Coverage:
    """(path, function) of those that are named, and how functions stand to obligations; a function that one obligation could not
    be examined for does not count, and neither does one that nothing is known of.  What a function owes the methods that it
    calls says nothing of those that it implements."""
    seen, open_ = set[tuple[str, str]](), set[tuple[str, str]]()
    for one in (standing for standing in standings if standing.obligation.rpartition(".")[2] not in ABOUT_CALLERS):
        (open_ if one.stand is Stand.NOT_EXAMINED else seen).add((one.path, one.function))
    return Coverage(len(named), sum(one in seen and one not in open_ for one in named))
