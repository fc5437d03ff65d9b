"""Results of which their giver warns, should they be failures."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.kinds.exits.impossible import impossible_failures


class Tree:
    """An index that knows one function, `give`."""

    def __init__(self, body):
        """Its body."""
        self._graph = graph_of(f"static void *give(int x)\n{{\n{body}\n}}\n".encode(), 1, Reading())

    def resolve(self, name, path):  # noqa: ARG002 - that of an index
        """The one function."""
        return ("give",) if name == "give" else ()

    def graph(self, definition):  # noqa: ARG002 - that of an index
        """Its graph."""
        return self._graph


@pytest.mark.parametrize(
    ("body", "surely"),
    [
        pytest.param("void *v = find(x);\nWARN_ON(!v);\nreturn v;", True, id="warns"),
        pytest.param("void *v = find(x);\nWARN_ON_ONCE(IS_ERR(v));\nreturn v;", True, id="warns-once-of-an-error"),
        pytest.param("void *v = find(x);\nWARN_ON(!x);\nreturn v;", False, id="of-something-else"),
        pytest.param("return find(x);", False, id="does-not-warn"),
    ],
)
def test_who_warns_holds_the_failure_for_impossible(body, surely):
    """To be excused by a warning about something else would hide a real loss of data."""
    graph = graph_of(b"int f(int x)\n{\n\tvoid *v = give(x);\n\treturn !v;\n}\n", 1, Reading())
    assert impossible_failures(graph, "fs/x.c", Tree(body)) == (frozenset({"v"}) if surely else frozenset())
