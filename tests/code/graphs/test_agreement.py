"""Leaf `agreement`: ways on which tests that stand twice agree."""

import pytest

from cocci_gen.code.graphs.agreement import TESTS, repeated_tests
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.searches.ways import way_to


def way(body, blocked="unlock();", target="lock();"):
    """A way to `target` that does not pass `blocked`."""
    graph = graph_of(f"int f(struct x *x, int n) {{ {body} return 0; }}".encode(), 1)
    number = {node.text: at for at, node in enumerate(graph.nodes)}
    return way_to(graph, number[target], {number[blocked]})


@pytest.mark.parametrize(
    ("body", "led"),
    [
        ("if (REGULAR(x)) unlock(); wait(); if (REGULAR(x)) lock();", False),
        ("if (x->i & 1) unlock(); wait(); if (x->i & 1) lock();", False),
        ("if (!REGULAR(x)) unlock(); wait(); if (!REGULAR(x)) lock();", False),
        ("if (REGULAR(x)) unlock(); wait(); if (LARGE(x)) lock();", True),
        ("if (REGULAR(x)) unlock(); wait(); if (!REGULAR(x)) lock();", True),
        ("if (x->i & 1) unlock(); x->i &= 2; if (x->i & 1) lock();", True),
        ("if (REGULAR(x)) unlock(); x = next(x); if (REGULAR(x)) lock();", True),
        ("if (REGULAR(n)) unlock(); get(&n); if (REGULAR(n)) lock();", True),
    ],
)
def test_a_test_that_stands_twice(body, led):
    """A lock that is given up and taken back under one test is taken from nobody; what the function changes may differ."""
    assert isinstance(way(body), Path) == led


def test_there_is_an_end_to_it():
    """Each test doubles the searches, and what is not told apart stays possible."""
    tests = [f"T{number}(x)" for number in range(TESTS + 2)]
    body = " ".join(f"if ({test}) a();" for test in tests * 2)
    graph = graph_of(f"int f(struct x *x) {{ {body} return 0; }}".encode(), 1)

    assert tuple(tests[:TESTS]) == repeated_tests(graph)


def test_no_way_at_all_is_a_proof():
    """What is refuted under each outcome is refuted."""
    assert NoPath(exhausted=True) == way("if (REGULAR(x)) unlock(); if (REGULAR(x)) lock();")
