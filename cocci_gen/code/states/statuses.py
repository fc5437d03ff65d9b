"""A name, or a type -> whether it is a number by which functions tell how it went, zero for well, and no error number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cocci_gen.resources import data_tables


@dataclass(frozen=True, slots=True)
class Statuses:
    """What functions return that tell so, the names of zero, those of all others, and what makes one of an error number."""

    types: frozenset[str]
    well: frozenset[str]
    failed: re.Pattern[str]
    made: re.Pattern[str]

    def is_returned(self, returns: str) -> bool:
        """Whether a function of such a return type tells by it how it went."""
        return not self.types.isdisjoint(returns.split()[-1:])

    def tells(self, returns: str) -> bool:
        """The same of a type that may be `int` as well."""
        return returns == "int" or self.is_returned(returns)

    def is_named(self, text: str) -> bool:
        """Whether an expression is the name of one."""
        return text in self.well or self.failed.fullmatch(text) is not None


@cache
def statuses() -> Statuses:
    """The words of include/linux and of the servers that make more of them."""
    words = data_tables("code/states/statuses.toml")
    made = rf"(?:{'|'.join(words['made'])}) ?\((-?\w+(?:\(\w+\))?)\)"
    failed = re.compile(words["failed"].replace("\n", ""))
    return Statuses(frozenset(words["types"]), frozenset(words["well"]), failed, re.compile(made))
