"""A variable that holds a count is not what stands for nothing."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.machines import Machine
from cocci_gen.code.searches.search import Question, explore

LOOP = "for (i = 0; i < n; i++) if (ask(i)) { slot = i; stop(); return 1; }"


def returned_behind(declared, loop, test):
    """Whether the return behind the test is come to where the variable holds a count."""
    body = f"{declared} {loop} return 0;".replace("stop(); return 1;", f"if ({test}) return 2; return 1;")
    graph = graph_of(f"int f(int n) {{ {body} }}".encode(), 1)
    seen = explore(Question(graph, Machine("none", "idle", (), ()), {}, "idle"))
    return "2" in {graph.nodes[one.node].returned for one in seen.arrivals}


@pytest.mark.parametrize(
    ("declared", "loop", "test", "come_to"),
    [
        ("int i, slot = NO_SLOT;", LOOP, "slot == NO_SLOT", False),
        ("int i, slot = -1;", LOOP, "slot == -1", False),
        ("int i, slot = -1;", LOOP, "slot < 0", False),
        ("int i, slot = 0;", LOOP, "slot == 0", True),
        ("int i, slot = NO_SLOT;", LOOP.replace("i = 0", "i = first(n)"), "slot == NO_SLOT", True),
        ("int i, slot = NO_SLOT;", LOOP.replace("i++", "i--"), "slot == NO_SLOT", True),
        ("int i, slot = NO_SLOT; fill(&slot);", LOOP, "slot == NO_SLOT", True),
        ("int i, slot = NO_SLOT; if (n) slot = next(n);", LOOP, "slot == NO_SLOT", True),
    ],
)
def test_a_count_is_not_what_stands_for_nothing(declared, loop, test, come_to):
    """A failure behind `if (slot == NO_SLOT)` was blamed for what is kept where a slot was found; 0 may be a count."""
    assert come_to == returned_behind(declared, loop, test)
