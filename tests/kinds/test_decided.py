"""Which side of a test below is left for who comes from a step that knows its outcome."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.kinds.decided import decided_at

BELOW = "goto out;\n\tstep(2);\nout:\n\tif (told)\n\t\tunlock(b);\n\treturn 0;"


@pytest.mark.parametrize(
    ("ahead", "sides"),
    [
        pytest.param("bool told = ask(b);\n\tif (told)\n\t\t", {"true"}, id="behind the same test"),
        pytest.param("bool told = ask(b);\n\tif (!b)\n\t\t", {"true", "false"}, id="behind another"),
        pytest.param("bool told = false;\n\tif (b)\n\t\t", {"false"}, id="of a constant"),
        pytest.param(
            "bool told = ask(b);\n\task(&told);\n\tif (told)\n\t\t", {"true", "false"}, id="others may set it"
        ),
        pytest.param(
            "bool told = false;\n\tif (c)\n\t\ttold = true;\n\tif (b)\n\t\t", {"true", "false"}, id="either constant"
        ),
    ],
)
def test_a_test_below_goes_the_way_that_is_known(ahead, sides):
    """A jump would be refused for a release that its own way never comes to, or taken to make one that it passes by."""
    graph = graph_of(f"int f(int b, int c)\n{{\n\t{ahead}{BELOW}\n}}\n".encode(), 1, Reading())
    jump = next(n for n, node in enumerate(graph.nodes) if node.text == "goto out;")
    asked = [node for node in decided_at(graph, jump).nodes if node.kind == "condition" and node.text == "told"]

    assert sides == {label for _, label in asked[-1].successors}
