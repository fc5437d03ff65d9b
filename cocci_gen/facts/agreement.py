"""A Graph and what may not be passed -> Path, a way on which tests that stand twice have the same outcome twice.

`if (regular(inode)) unlock(); ... if (regular(inode)) lock();` gives up and takes back: find_path() forgets what a test with a
call or a member said as soon as anything else is called, which is right of values and too careful of locks.  Here the same test
is taken to have one outcome throughout, unless the function assigns to what it asks about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import product

from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Facts, NoPath, Path, find_path

#: Tests that are told apart at most: the search is made once for each of their outcomes.
TESTS = 3

_WORD = re.compile(r"[A-Za-z_]\w*")
_PLAIN = re.compile(r"[A-Za-z_]\w*(?: ?[=!<>]=? ?-?\w+)?")


def agreeing_path(
    graph: Graph,
    target: int,
    blocked: Collection[int],
    *,
    start: int = 0,
    refused: Callable[[Node, str], bool] = lambda node, label: False,
    accept: Callable[[Facts], bool] = lambda facts: True,
) -> Path | NoPath:
    """What find_path() finds, when no way takes two outcomes of one test."""
    exhausted = True
    for outcomes in _outcomes(graph):

        def never(node: Node, label: str, outcomes: dict[str, str] = outcomes) -> bool:
            decided = node.kind == "condition" and node.text in outcomes and outcomes[node.text] != label
            return decided or refused(node, label)

        found = find_path(graph, target, blocked, start=start, refused=never, accept=accept)
        if isinstance(found, Path):
            return found
        exhausted = exhausted and found.exhausted
    return NoPath(exhausted)


def _outcomes(graph: Graph) -> Iterator[dict[str, str]]:
    """Every choice of outcomes of the tests that stand twice."""
    tests = repeated_tests(graph)
    for labels in product(("true", "false"), repeat=len(tests)):
        yield dict(zip(tests, labels, strict=True))


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
