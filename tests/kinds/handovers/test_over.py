"""What a return hands back."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.kinds.handovers.over import spelled


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ("ret = to_code(err); return ret;", "to_code(err)"),
        ("ret = to_code(err); told(n, ret); return ret;", "to_code(err)"),
        ("if (n) goto out; err = -EIO; out: ret = to_code(err); return ret;", "to_code(err)"),
        ("ret = to_code(err); if (n) ret = 1; return ret;", ""),
        ("ret = n; return ret;", ""),
        ("return ret;", ""),
        ("return to_code(err);", ""),
    ],
)
def test_a_code_may_be_returned_by_way_of_a_variable(body, call):
    """`ret = vmf_fs_error(err); return ret;` would say nothing of the failure that `return vmf_fs_error(err);` tells."""
    graph = graph_of(f"int f(int n, int err, int ret)\n{{\n\t{body}\n}}\n".encode(), 1)
    (number,) = (at for at, node in enumerate(graph.nodes) if node.kind == "return")

    assert call == spelled(graph, number)
