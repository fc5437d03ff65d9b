"""A call that comes to several states whatever it returns -> its exits by a variable that it is handed, `done(box, err)`.

Its caller knows that variable, asks for it later, or returns it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Exit, Outcome
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts, frozen, narrow, thawed

_VARIABLE = re.compile(r"[a-z_]\w*")
#: A variable itself, not what it leads to, nor a member or a function.
_WHOLE = re.compile(r"(?<![\w.>])[a-z_]\w*\b(?!\s*(?:->|\.|\[|\())")


def by_given(
    call: Call, facts: Facts, asked: Callable[[Facts], Outcome], decides: Callable[[int], bool] = lambda _place: True
) -> Outcome:
    """What a call comes to, `asked` being that with what is known; told apart by a variable where one does, of
    those that stand at a place by which the callee may decide."""
    whole = asked(facts)
    given = enumerate(call.arguments) if whole.ambiguous else ()
    for name in dict.fromkeys(text for place, text in given if _VARIABLE.fullmatch(text) and decides(place)):
        found = _split(name, facts, asked)
        if found:
            return replace(whole, exits=found)
    return whole


def asking(graph: Graph) -> frozenset[int]:
    """The places of the parameters that a function asks for itself; and where they are no pointers, hands on or stores."""
    tests = {word for node in graph.nodes if node.kind == "condition" for word in _WHOLE.findall(node.text)}
    numbers = {one.name for one in graph.parameters if "*" not in one.type}
    given = {text for call in graph.calls() for text in call.arguments} & numbers
    stored = {word for one in graph.assignments() for word in _WHOLE.findall(one.right)} & numbers
    return frozenset(n for n, one in enumerate(graph.parameters) if one.name in tests | given | stored)


def _split(name: str, facts: Facts, asked: Callable[[Facts], Outcome]) -> tuple[Exit, ...]:
    """The exits by the signs of a variable; () where these do not tell them apart."""
    found = list[Exit]()
    for signs in (ZERO, NEGATIVE, POSITIVE):
        known = narrow(thawed(facts), name, signs, "")
        one = asked(frozen(known)) if known is not None else Outcome(())
        if one.ambiguous or one.unclear:
            return ()
        found += [Exit(each.state, replace(each.result, given=((name, signs, ""),))) for each in one.exits]
    return tuple(dict.fromkeys(found))
