"""Every way that one call mends is told: a message that names one of them says that the others are right."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.kinds.ways import ways_to

CODE = b"""\
int f(int n)
{
again:
\tif (n)
\t\tgoto again;
\tif (g(n))
\t\tgoto out;
\tif (h(n))
\t\tgoto low;
\tn = 3;
out:
\tlook(n);
low:
\treturn n;
}
"""


@pytest.mark.parametrize(("place", "lines"), [(14, {7, 9, 10, 12}), (11, {7, 10}), (9, set())])
def test_what_comes_to_a_place(place, lines):
    """Jumps down and what falls into the label, but no loop, and nothing that comes in below."""
    graph = graph_of(CODE, 1)
    assert set(ways_to(graph, range(len(graph.nodes)), {place})) == lines
    assert set(ways_to(graph, (), {place})) == set()


LOOP = b"""\
int f(int n)
{
\twhile (n--) {
\t\tlock(n);
\t\tif (g(n))
\t\t\treturn 1;
\t\tif (h(n))
\t\t\tgoto next;
\t\tlook(n);
next:
\t\tunlock(n);
\t}
\treturn 0;
}
"""


def test_a_jump_on_to_the_next_round_does_not_come_to_the_exit_above():
    """The message told of four right jumps that they keep the lock, too: each unlocks, and another round takes it again."""
    graph = graph_of(LOOP, 1)
    every = range(len(graph.nodes))
    assert set(ways_to(graph, every, {6})) == set()
    assert set(ways_to(graph, every, {11})) == {8, 9}
