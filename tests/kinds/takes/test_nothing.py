"""What a call gives when there is nothing to take, by the tests behind it."""

import pytest

from cocci_gen.code.flow_builder import graph_of
from cocci_gen.code.machines import ERROR
from cocci_gen.kinds.takes.nothing import nothing_got


@pytest.mark.parametrize(
    ("behind", "got"),
    [
        ("if (!bh) return -5;", {"NULL"}),
        ("if (bh == NULL) return -5;", {"NULL"}),
        ("if (IS_ERR(bh)) return -5;", {"error"}),
        ("if (IS_ERR_OR_NULL(bh)) return -5;", {"error", "NULL"}),
        ("if (!bh) return -5; if (IS_ERR(bh)) return -6;", {"NULL", "error"}),
        ("if (!bh) { bh = ERR_PTR(-5); goto out; } use(bh); if (n) bh = ERR_PTR(-6); out: if (IS_ERR(bh)) n = 1;", {"NULL"}),
        ("if (n) goto out; use(bh); out: if (IS_ERR(bh)) return -5;", {"error"}),
        ("use(bh);", {"NULL"}),
    ],
)  # fmt: skip
def test_the_tests_right_behind_say_what_there_is_when_there_is_nothing(behind, got):
    """Read out of another test, NULL would pass for a buffer head, and who takes for its caller for one that may not."""
    text = f"int f(int n) {{ struct buffer_head *bh = g(n); {behind} return n; }}".encode()
    graph = graph_of(text, 1)
    number = next(n for n, node in enumerate(graph.nodes) if any(call.callee == "g" for call in node.calls))

    found = nothing_got(graph, number, {"bh"})

    assert {"error" if one.pointer == ERROR else "NULL" for one in found} == got
