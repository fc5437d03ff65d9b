"""A function of the tree that does what a fix does: named only where a failed wait certainly leads to the value."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.kinds.returns.precedents import Precedent, precedent


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("if (wait_killable(p) < 0)\n\treturn GOOD;\nreturn 0;", "f", id="returned"),
        pytest.param(
            "int r = GOOD;\nif (wait_killable(p))\n\tgoto out;\nr = 0;\nout:\nreturn r;", "f", id="by-variable"
        ),
        pytest.param("if (wait_killable(p) < 0)\n\treturn BAD;\nreturn GOOD;", "", id="another-value"),
        pytest.param("if (wait(p) < 0)\n\treturn GOOD;\nreturn 0;", "", id="another-wait"),
        pytest.param("if (wait_killable(p) < 0)\n\tx = 1;\nif (p)\n\treturn GOOD;\nreturn 0;", "", id="another-reason"),
    ],
)
def test_a_precedent_gives_the_value_after_the_wait(body, found):
    """A message that names a precedent which is none is refuted by one look."""
    graph = graph_of(f"static int f(struct page *p)\n{{\n{body}\n}}\n".encode(), 1, Reading())
    named = precedent([("fs/f.c", graph)], "GOOD")

    assert (named.function, named.wait) == (found, "wait_killable" if found else "")


def test_a_precedent_is_shown_where_it_stands():
    """Evidence that gives the line of the broken function sends the reader to look for a wait that is not there."""
    graph = graph_of(b"int f(void)\n{\n\tif (wait_killable(p) < 0)\n\t\treturn GOOD;\n\treturn 0;\n}\n", 40, Reading())

    assert precedent([("fs/peer.c", graph)], "GOOD") == Precedent("f", "wait_killable", "fs/peer.c", 42)
