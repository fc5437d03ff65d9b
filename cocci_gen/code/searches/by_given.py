"""A call that comes to several states whatever it returns -> its exits by a variable that it is handed, `done(box, err)`.

Its caller knows that variable, asks for it later, or returns it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.searches.machines import Exit, Outcome
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts, frozen, narrow, thawed

_VARIABLE = re.compile(r"[a-z_]\w*")


def by_given(call: Call, facts: Facts, asked: Callable[[Facts], Outcome]) -> Outcome:
    """What a call comes to, `asked` being that with what is known; told apart by a variable where one does."""
    whole = asked(facts)
    for name in dict.fromkeys(filter(_VARIABLE.fullmatch, call.arguments)) if whole.ambiguous else ():
        found = _split(name, facts, asked)
        if found:
            return replace(whole, exits=found)
    return whole


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
