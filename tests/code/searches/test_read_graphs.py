"""What every search of a graph asks of its nodes."""

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.read_graphs import read_of

TEXT = b"""\
static int f(struct box *box, struct bed *bed)
{
	BUG_ON(!box);
	bed->full = 1;
	spin_lock(&box->lock);
	return 0;
}
"""


def test_a_node_tells_which_pointers_it_uses_and_what_it_asserts():
    """Else a way on which a pointer is NULL behind its use is followed, and told of as a leak."""
    graph = graph_of(TEXT, 1)
    assert graph is not None
    read = read_of(graph)
    by_text = {node.text: number for number, node in enumerate(graph.nodes)}
    assert [text for text, number in by_text.items() if number in read.asserting] == ["BUG_ON(!box);"]
    assert {text: read.stored[number] for text, number in by_text.items() if read.stored[number]} == {
        "bed->full = 1;": ("bed",),
        "spin_lock(&box->lock);": ("box",),
    }
    assert read_of(graph) is read
