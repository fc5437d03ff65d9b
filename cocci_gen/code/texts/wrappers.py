"""wrappers.toml and the own words of file systems -> Wrappers: macros that hide a value, a return, or the end of all."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.own_words import own_words, with_own_words
from cocci_gen.resources import data_tables


@dataclass(frozen=True, slots=True)
class Wrappers:
    """Names of calls: `in_conditions` and `in_expressions` have the value of an argument, `warns` that of their first, of which
    they complain where it holds, behind `never_return` nothing comes, and `returns` leave the function."""

    in_conditions: frozenset[str]
    in_expressions: frozenset[str]
    warns: frozenset[str]
    never_null: frozenset[str]
    never_error: frozenset[str]
    never_return: frozenset[str]
    returns: frozenset[str]


@with_own_words
def wrappers() -> Wrappers:
    """The wrappers that count."""
    data, own = data_tables("code/texts/wrappers.toml"), own_words()
    same = own.names("same_value")
    return Wrappers(
        frozenset((*data["same_value"]["conditions"], *same)),
        frozenset((*data["same_value"]["expressions"], *same)),
        frozenset(data["warns"]["names"]),
        frozenset(data["never_null"]["names"]),
        frozenset(data["never_error"]["names"]),
        frozenset((*data["never_return"]["names"], *own.names("never_return"))),
        frozenset(own.names("returns")),
    )


def held(test: str, label: str) -> str:
    """What is known on a branch of a test, as C: a warning at the test is given that."""
    return test if label == "true" else f"!{test}"
