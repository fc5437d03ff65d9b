"""The touches of a duty -> those that end its paths, and those by which another function takes it over."""

from __future__ import annotations

import re

from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.kinds.exits.owing import Owing
from cocci_gen.kinds.page_duty import PageDuty


def stopping(owing: Owing, duty: PageDuty) -> tuple[Touch, ...]:
    """The touches that end a path for this kind."""
    return tuple(touch for touch in duty.touches if touch.marks & owing.stops)


def delegates(owing: Owing, duty: PageDuty, touch: Touch) -> bool:
    """Whether the callee of a touch takes the obligation over: the call is returned, or nothing behind it stops a path."""
    node = duty.graph.nodes[touch.node]
    if duty.obligation.mode == PER_FOLIO:
        return False  # whoever is handed the folios answers for them, whomever he asks
    opens = bool(owing.opens) and owing.opens in touch.marks  # who starts writeback ends it, or leaves it to its caller
    if touch.callee in call_vocabulary().marks or not (opens or touch.marks & (owing.owed | {"release"})):
        return False
    if node.kind == "return":
        return touch.callee in re.findall(r"\w+", node.text)
    if not opens and not (touch.marks & owing.owed and _result_is_returned(duty, node, touch.callee)):
        return False
    others = {other.node for other in stopping(owing, duty)} - {touch.node}
    return not others & duty.graph.behind((touch.node,))


def _result_is_returned(duty: PageDuty, node: Node, callee: str) -> bool:
    """`rc = callee(page); ... return rc;`: a helper whose result nobody returns releases for reasons of its own."""
    returned = {other.returned for other in duty.graph.nodes if other.kind == "return"}
    return any(a.left in returned and a.right.startswith(f"{callee}(") for a in node.assignments)
