"""A Graph -> the tests in it that stand twice and are taken to have one outcome throughout.

`if (regular(inode)) unlock(); ... if (regular(inode)) lock();` gives up and takes back.  What a test with a call or a member says
is forgotten as soon as anything else is called, which is right of values and too careful of locks.
"""

from __future__ import annotations

import re
from collections import Counter

from cocci_gen.code.graphs.control_flow import Graph

#: Tests that are told apart at most: each may double the ways.
TESTS = 3

_WORD = re.compile(r"[A-Za-z_]\w*")
_PLAIN = re.compile(r"[A-Za-z_]\w*(?: ?[=!<>]=? ?-?\w+)?")


def repeated_tests(graph: Graph) -> tuple[str, ...]:
    """The tests that stand twice and ask about nothing that the function assigns; what a plain variable says is known anyway.

    With more than TESTS of them the first are taken: the others may have any outcome, as ever.
    """
    count = Counter(node.text for node in graph.nodes if node.kind == "condition" and not node.assignments)
    assigned = {a.left for a in graph.assignments() if not a.declares}
    written = {argument[1:] for call in graph.calls() for argument in call.arguments if argument.startswith("&")}
    found = (
        text
        for text, number in count.items()
        if number > 1 and not _PLAIN.fullmatch(text) and "," not in text.partition("(")[0]
        if not any(left in text for left in assigned if "." in left or ">" in left)
        if not (assigned | written) & set(_WORD.findall(text))
    )
    return tuple(found)[:TESTS]
