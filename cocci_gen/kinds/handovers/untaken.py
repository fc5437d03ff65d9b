"""A function that hands something over -> why nothing is known of what it takes for that, so that its silence is told of.

What is taken by a call that nobody can see through is owed at no return that can be seen: "nothing is wrong" would be a guess.
"""

from __future__ import annotations

from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.handovers.contracts import Says
from cocci_gen.kinds.handovers.wrong_returns import HandoverDuty, taker_of


def why_untaken(duty: HandoverDuty, facts: TreeFacts, *, passed_on: bool) -> str:
    """Why the returns of a function say nothing of what it hands over; "" where they do, where it only fails, or where a function
    that it passes the out parameter on to is looked at in its place."""
    if not duty.out or passed_on or not _may_succeed(duty) or taker_of(duty, facts).takings():
        return ""
    hidden = next((one for one in duty.graph.calls() if not one.direct and duty.out in one.arguments), None)
    if hidden is not None:
        return f"`{hidden.callee}` is called through a pointer with {duty.out}"
    return f"no call of {duty.graph.name}() is known to take what it hands over through {duty.out}"


def _may_succeed(duty: HandoverDuty) -> bool:
    """Whether some return is no failure as it is written."""
    returns = (node.returned for node in duty.graph.nodes if node.kind == "return" and node.text)
    return any(duty.contract.says(value, ()) is not Says.FAILURE for value in returns)
