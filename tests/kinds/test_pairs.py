"""What a way opens and does not close, though its function does elsewhere."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.kinds.pairs import closing_alone, left_open


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        ("sb_start_fault(sb);\n\tif (a)\n\t\treturn 1;\n\tsb_end_fault(sb);", ("sb_start_fault", "sb_end_fault")),
        ("sb_start_fault(sb);\n\tif (a) {\n\t\tsb_end_fault(sb);\n\t\treturn 1;\n\t}\n\tsb_end_fault(sb);", ("", "")),
        ("sb_start_fault(sb);\n\tif (a)\n\t\treturn 1;", ("", "")),
        ("sb_start_fault(sb);\n\tif (a)\n\t\treturn 1;\n\tsb_end_fault(other);", ("", "")),
        ("mutex_trylock(m);\n\tif (a)\n\t\treturn 1;\n\tmutex_unlock(m);", ("", "")),
        ("down_read(m);\n\tif (a)\n\t\treturn 1;\n\tup_read(m);", ("down_read", "up_read")),
    ],
    ids=["left open", "closed on the way", "closed nowhere", "of another thing", "only tried", "a lock"],
)
def test_what_a_way_leaves_open(body, open_):
    """A fix of such a way that leaves it open mends one thing and keeps the other broken in the very hunk."""
    graph = graph_of(f"int f(int a)\n{{\n\t{body}\n\treturn 0;\n}}\n".encode(), 1)
    first = next(n for n, node in enumerate(graph.nodes) if node.text == "return 1;")
    path = find_path(graph, first, ())

    assert isinstance(path, Path)
    assert open_ == left_open(graph, path)


@pytest.mark.parametrize(
    ("body", "closing"),
    [
        ("begin(sb);\n\tif (a)\n\t\treturn 1;\n\tend(sb);", "end(sb)"),
        ("begin(sb);\n\tif (a)\n\t\treturn 1;\n\tif (b)\n\t\treturn 2;\n\tend(sb);", ""),
        ("if (b)\n\t\tbegin(sb);\n\tif (a)\n\t\treturn 1;\n\tend(sb);", ""),
        ("begin(sb);\n\tif (b)\n\t\tend(sb);\n\tif (a)\n\t\treturn 1;\n\tend(sb);", ""),
        ("begin(sb);\n\tdown_read(m);\n\tif (a)\n\t\treturn 1;\n\tup_read(m);\n\tend(sb);", ""),
        ("begin(sb);\n\tif (a)\n\t\treturn 1;\n\tend(sb, a);", ""),
    ],
    ids=["all others close it", "another keeps it", "not always opened", "closed at times", "two pairs", "takes more"],
)
def test_what_closes_where_one_way_alone_does_not(body, closing):
    """A call that one way lacks among many that lack it is no rule of the function, and one too many closes it twice."""
    graph = graph_of(f"int f(int a, int b)\n{{\n\t{body}\n\treturn 0;\n}}\n".encode(), 1)
    first = next(n for n, node in enumerate(graph.nodes) if node.text == "return 1;")
    path = find_path(graph, first, ())

    assert isinstance(path, Path)
    pair = closing_alone(graph, path, [first])
    assert closing == (pair[1].text if pair else "")
