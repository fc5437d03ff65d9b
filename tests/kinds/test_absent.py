"""Whether a pointer is NULL, or has no value yet, where something would give it back."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.kinds.absent import is_nothing, is_unset


def at_return(body):
    """The graph of a body, the steps that lead straight to each, and its `return 1;`."""
    graph = graph_of(f"int f(struct n *p, int b)\n{{\n\tstruct n *q;\n\t{body}\n}}\n".encode(), 1, Reading())
    number = next(n for n, node in enumerate(graph.nodes) if node.returned == "1")
    return graph, [graph.ahead_of(n) for n in range(len(graph.nodes))], number


@pytest.mark.parametrize(
    ("body", "nothing"),
    [
        pytest.param("q = NULL;\n\treturn 1;", True, id="set"),
        pytest.param("q = make(b);\n\tif (!q)\n\t\treturn 1;\n\treturn 0;", True, id="found"),
        pytest.param("q = make(b);\n\tif (q)\n\t\treturn 1;\n\treturn 0;", False, id="found to be something"),
        pytest.param("q = NULL;\n\tif (b)\n\t\tq = make(b);\n\treturn 1;", False, id="on one way only"),
        pytest.param("q = NULL;\n\tfill(&q);\n\treturn 1;", False, id="handed out"),
        pytest.param("if (b)\n\t\treturn 1;\n\tq = make(b);\n\treturn 0;", False, id="never known"),
    ],
)
def test_a_pointer_is_nothing_only_on_all_ways(body, nothing):
    """A label that frees it would be used where something is in hand by then, or not used where nothing can be."""
    assert nothing is is_nothing(*at_return(body), "q")


@pytest.mark.parametrize(
    ("body", "name", "unset"),
    [
        pytest.param("if (b)\n\t\treturn 1;\n\tq = make(b);\n\treturn 0;", "q", True, id="later"),
        pytest.param("q = make(b);\n\treturn 1;", "q", False, id="before"),
        pytest.param("if (b)\n\t\treturn 1;\n\tp = make(b);\n\treturn 0;", "p", False, id="a parameter has a value"),
        pytest.param("return 1;", "q", False, id="nobody sets it, and who knows what the name is"),
    ],
)
def test_what_is_set_later_is_not_in_hand_yet(body, name, unset):
    """What is given back behind a label would be owed by an exit that has not taken it."""
    graph, _, number = at_return(body)

    assert unset is is_unset(graph, number, name)
