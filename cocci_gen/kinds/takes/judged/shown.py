"""A return that keeps something, and what the calls that lead to the function tell of its parameters -> the way that is told."""

from __future__ import annotations

import re
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.code.searches.explorations import Arrival, Exploration
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.search import explore
from cocci_gen.code.states.known import ZERO, Facts
from cocci_gen.kinds.takes.holdings.holding import Holding


def shown_way(holding: Holding, given: Facts, seen: Exploration, arrival: Arrival) -> Path:
    """One that these calls allow, where there is one, else the first that was found: whoever reads the patch looks at the calls.
    A pointer that they hand over does not become NULL by being moved on, `buf = buf + n`."""
    if not given or not holding.keeps(arrival):
        return seen.path(arrival.stop)
    handed = {place for place, signs, _ in given if not signs & ZERO}
    moved = [one for one in holding.graph.assignments() if one.left in handed]
    handed -= {one.left for one in moved if not re.search(rf"\b{re.escape(one.left)}\b", one.right)}

    def gone(node: Node, label: str) -> bool:
        return node.text in handed and label == "false"

    question = replace(holding.question(), known=given)
    for asked in (replace(question, refused=gone), question):
        found = explore(asked)
        if (one := found.first(arrival.node, holding.keeps)) is not None:
            return found.path(one.stop)
    return seen.path(arrival.stop)
