"""Graphs as the index keeps them: what comes back must be the graph that was kept, and cost no more memory than it has to."""

import zlib

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.facts.tree.kept_graphs import KeptGraphs

FIRST = b"""int first(struct page *page, int count)
{
	int error = 0;

	while (count--) {
		if (!page || count == 1)
			goto out;
		error = give_up(page, "\xff one");
	}
out:
	return error;
}
"""
SECOND = FIRST.replace(b"first", b"second")


def test_a_graph_comes_back_as_it_was():
    """Else a second run would search other ways than the first."""
    graph = graph_of(FIRST, 300, Reading())
    data, shared = KeptGraphs().written(graph)
    assert shared == graph
    assert KeptGraphs().read(data) == graph
    assert graph is not None
    assert [type(call.direct) for call in KeptGraphs().read(data).calls()] == [type(c.direct) for c in graph.calls()]


def test_no_graph_comes_back_as_none():
    """Else a function that cannot be read would be read again by every run."""
    data, shared = KeptGraphs().written(None)
    assert shared is None
    assert KeptGraphs().read(data) is None


def test_what_two_graphs_say_alike_is_held_once():
    """Else the graphs of a whole kernel would take twice the memory."""
    kept = KeptGraphs()
    data = [kept.written(graph_of(text, 300, Reading()))[0] for text in (FIRST, SECOND)]
    first, second = (kept.read(one) for one in data)
    [one], [other] = ([node for node in graph.nodes if node.calls] for graph in (first, second))
    assert one is not other
    assert one.calls[0].arguments is other.calls[0].arguments
    assert one.successors is other.successors


def test_damaged_bytes_are_no_graph():
    """Else a flipped bit would become control flow."""
    data, _ = KeptGraphs().written(graph_of(FIRST, 1, Reading()))
    with pytest.raises((zlib.error, ValueError)):
        KeptGraphs().read(data[:-2] + b"\0\0")
