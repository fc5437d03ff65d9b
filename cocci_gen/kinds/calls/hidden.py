"""A call that is given what its method is about -> why the owed call may be made in it, unseen."""

from __future__ import annotations

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.reach import Reached, Sought, call_reach
from cocci_gen.facts.tree.macros import macros_of
from cocci_gen.kinds.duties import TreeFacts


def hides(call: Call, given: set[str], facts: TreeFacts, path: str, target: Sought) -> str:
    """Why a call of a function in `path` that is given one of the names counts as the owed one, "" where not: it cannot be
    seen through, or is a macro that makes it."""
    reason = _hidden(call, given, facts, path)
    inside = _macro_hides(call, facts, path, target) if reason and call.direct else None
    return reason if inside is None else inside


def _macro_hides(call: Call, facts: TreeFacts, path: str, target: Sought) -> str | None:
    """What a macro does about the owed call, in words: that it makes it, or hides what it does; "" for neither; None where
    it is none."""
    macro = macros_of(facts.index).of(call.callee, path) if call.direct else None
    if macro is None:
        return None
    given = {parameter.name for parameter in macro.graph.parameters}
    for node in macro.graph.nodes:
        found = call_reach(facts.index).of_node(node, macro.path, target)
        if isinstance(found, Reached):
            return " -> ".join((f"{call.callee}()", *(step.note for step in found.steps)))
        if found.unparsed:
            return f"{found.unparsed}() did not parse and may hide it"
        hidden = (_hidden(inner, given, facts, macro.path) for inner in node.calls if inner.callee != call.callee)
        if reason := next(filter(None, hidden), ""):
            return reason
    return ""


def _hidden(call: Call, given: set[str], facts: TreeFacts, path: str) -> str:
    """Why what a call does with a parameter of the method cannot be seen, or ""."""
    if not any(argument in given for argument in call.arguments):
        return ""
    if not call.direct:
        return f"a call through the pointer {call.callee}"
    if call_vocabulary().is_neutral(call.callee) or call.callee.isupper() or facts.index.resolve(call.callee, path):
        return ""
    return f"{call.callee}() has no definition that the index shows"
