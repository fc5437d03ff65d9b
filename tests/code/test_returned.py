"""What a return hands back, and when two results may be one."""

import pytest

from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.machines import Result


@pytest.mark.parametrize(
    ("text", "returned"),
    [
        ("return (err);", "err"),
        ("return ((err));", "err"),
        ("return (a) + (b);", "(a) + (b)"),
        ("return;", ""),
        ("return (0);", "0"),
    ],
)
def test_brackets_around_all_of_it_are_none(text, returned):
    """`return (ret);` is how illumos and ZFS write it; a helper whose result is returned so takes the page over."""
    graph = graph_of(f"int f(int err, int a, int b) {{ {text} }}".encode(), 1)
    nodes: list[Node] = [one for one in graph.nodes if one.kind == "return" and one.text]

    assert returned == nodes[0].returned


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("DID_WRITE", "DID_SKIP", False),
        ("DID_WRITE", "DID_WRITE", True),
        ("-EIO", "-ENOMEM", False),
        ("DID_WRITE", "", True),
        ("count", "DID_WRITE", True),
    ],
)
def test_two_codes_are_two_values(one, other, meets):
    """A helper that tells by its own codes what it did is believed."""
    assert meets is Result(constant=one).meets(Result(constant=other))
