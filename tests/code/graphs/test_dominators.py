"""Which step all ways to two others have in common last."""

from cocci_gen.code.graphs.dominators import Dominators
from cocci_gen.code.graphs.flow_builder import graph_of

CODE = b"""\
int f(int a)
{
	int err = first();
	while (a--) {
		if (second(a))
			goto out;
		third();
	}
	if (err)
		return 1;
	fourth();
out:
	last();
	return err;
	never();
}
"""


def numbers(graph, *texts):
    """The numbers of the nodes with these texts."""
    return [next(n for n, node in enumerate(graph.nodes) if node.text == text) for text in texts]


def test_the_last_step_in_common():
    """A step too late would leave out what only one of the two ways does; one too early would count what both do."""
    graph = graph_of(CODE, 1)
    found = Dominators(graph)
    loop, second, third, err, fourth, goto, last = numbers(
        graph, "a--", "second(a)", "third();", "err", "fourth();", "goto out;", "last();"
    )

    assert found.common((goto, third)) == second
    assert found.common((goto, fourth)) == loop
    assert found.common((third, last)) == loop
    assert found.common((err, fourth)) == err
    assert found.common((fourth,)) == fourth


def test_what_no_way_comes_to():
    """A step behind a return has nothing in common with any, and must not be asked for."""
    graph = graph_of(CODE, 1)
    found = Dominators(graph)
    [last, never] = numbers(graph, "last();", "never();")

    assert found.knows(last)
    assert not found.knows(never)
