"""Who takes what a step gives back, and where it may be in hand."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.reading import Reading
from cocci_gen.kinds.opened import opened_by


@pytest.mark.parametrize(
    ("taking", "back", "known", "reaches"),
    [
        pytest.param("mutex_lock(&b->m);", "mutex_unlock(&b->m);", True, True, id="a lock"),
        pytest.param(
            "mutex_lock(&b->m);\n\tmutex_unlock(&b->m);", "mutex_unlock(&b->m);", True, False, id="given back"
        ),
        pytest.param("mutex_lock(&b->n);", "mutex_unlock(&b->m);", False, False, id="another lock"),
        pytest.param("set_page_writeback(p);", "end_page_writeback(p);", True, True, id="writeback of a page"),
        pytest.param("begin_work(b);", "wake_up(b);", False, False, id="no pair that is known"),
    ],
)
def test_what_a_step_gives_back_is_in_hand_behind_its_taking(taking, back, known, reaches):
    """A fix would be refused for what was never begun, or would forget what was."""
    text = f"int f(struct box *b, struct page *p)\n{{\n\t{taking}\n\tif (b->bad)\n\t\treturn 1;\n\t{back}\n\treturn 0;\n}}\n"
    graph = graph_of(text.encode(), 1, Reading())
    step = [node for node in graph.nodes if node.text == back][-1]
    early = next(n for n, node in enumerate(graph.nodes) if node.returned == "1")
    opened = opened_by(graph, step)

    assert (known, reaches) == (opened.known, opened.reach(early))
