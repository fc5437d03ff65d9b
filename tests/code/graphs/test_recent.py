"""What is remembered of graphs: made once for each, and never taken for another's."""

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.graphs.recent import Recent


def test_each_graph_is_read_once_and_none_for_another():
    """Two functions that say the same are two graphs; many others in between must not mix them up."""
    made = []
    recent = Recent(lambda graph: made.append(graph) or len(made))
    graphs = [graph_of(b"int f(void)\n{\n\treturn 0;\n}\n", 1) for _ in range(200)]

    assert list(range(1, 201)) == [recent.of(graph) for graph in graphs]
    assert 200 == recent.of(graphs[-1])
    assert graphs == made
