"""wrappers.toml and the own words of file systems -> Wrappers: macros that hide a value, a return, or the end of all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.own_words import own_words, with_own_words
from cocci_gen.resources import data_tables

_CALLED = re.compile(r"([A-Za-z_]\w*) ?\(")


@dataclass(frozen=True, slots=True)
class Wrappers:
    """Names of calls: `in_conditions` and `in_expressions` have the value of an argument, `warns` that of their first, of which
    they complain where it holds, behind `never_return` nothing comes, and `returns` leave the function."""

    in_conditions: frozenset[str]
    in_expressions: frozenset[str]
    warns: frozenset[str]
    never_null: frozenset[str]
    never_return: frozenset[str]
    returns: frozenset[str]


@with_own_words
def wrappers() -> Wrappers:
    """The wrappers that count."""
    data, own = data_tables("code/wrappers.toml"), own_words()
    same = own.names("same_value")
    return Wrappers(
        frozenset((*data["same_value"]["conditions"], *same)),
        frozenset((*data["same_value"]["expressions"], *same)),
        frozenset(data["warns"]["names"]),
        frozenset(data["never_null"]["names"]),
        frozenset((*data["never_return"]["names"], *own.names("never_return"))),
        frozenset(own.names("returns")),
    )


def held(test: str, label: str) -> str:
    """What is known on a branch of a test, as C: a warning at the test is given that."""
    return test if label == "true" else f"!{test}"


def warns_of(node: Node, label: str) -> bool:
    """Whether a function complains where a test comes out so, `if (WARN_ON(x))`: its author holds that for impossible."""
    return any(call.callee in wrappers().warns and call.arguments == (held(node.text, label),) for call in node.calls)


def never_null(graph: Graph, place: str) -> str:
    """The call that gives a place its value and never gives NULL, "" for none."""
    calls = (_CALLED.match(one.right) for one in graph.assignments() if one.left == place)
    return next((called[1] for called in calls if called and called[1] in wrappers().never_null), "")


def warns_always(call: Call) -> bool:
    """Whether a call complains, whatever is the case: `WARN_ON(1)`."""
    return call.callee in wrappers().warns and call.arguments[:1] in (("1",), ("true",))
