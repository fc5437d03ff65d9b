"""A Graph, a Node or a Call -> what the author of a function holds for impossible: it complains there, or it cannot be NULL."""

from __future__ import annotations

import re

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.texts.wrappers import held, wrappers

_CALLED = re.compile(r"([A-Za-z_]\w*) ?\(")


def warns_of(node: Node, label: str) -> bool:
    """Whether a function complains where a test comes out so, `if (WARN_ON(x))`: its author holds that for impossible."""
    return any(call.callee in wrappers().warns and call.arguments == (held(node.text, label),) for call in node.calls)


def never_null(graph: Graph, place: str) -> str:
    """The call that gives a place its value and never gives NULL, "" for none."""
    return next(filter(None, (gives_no_null(one.right) for one in graph.assignments() if one.left == place)), "")


def gives_no_null(value: str) -> str:
    """The call that a value is, where that never gives NULL; "" for any other."""
    called = _CALLED.match(value)
    return called[1] if called and called[1] in wrappers().never_null else ""


def gives_no_error(value: str) -> bool:
    """Whether a value is a call that never gives an error pointer."""
    called = _CALLED.match(value)
    return called is not None and called[1] in wrappers().never_error


def warns_always(call: Call) -> bool:
    """Whether a call complains, whatever is the case: `WARN_ON(1)`."""
    return call.callee in wrappers().warns and call.arguments[:1] in (("1",), ("true",))
