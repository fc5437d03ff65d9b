"""What stands behind a label, and what of it a failure does."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.states.known import ANY, NEGATIVE
from cocci_gen.kinds.ends import changes, ends_below, prints_for_user

HEAD = "int f(int b)\n{\n\tint err = 0;\n\tif (b)\n\t\treturn -EIO;\n\tif (b > 1)\n\t\tgoto out;\n\terr = step(1);\n"


def ends(tail, *, failed=True):
    """Label -> the steps behind it and what it prints."""
    graph = graph_of(f"{HEAD}{tail}}}\n".encode(), 1)
    number = next(n for n, node in enumerate(graph.nodes) if node.text == "return -EIO;")
    found = ends_below(graph, number, NEGATIVE if failed else ANY)
    return {
        one.label: ([graph.nodes[n].text for n in sorted(one.steps)], len(one.prints), bool(one.asking))
        for one in found
    }


@pytest.mark.parametrize(
    ("tail", "failed", "wanted"),
    [
        pytest.param("out:\n\tput(b);\n\treturn err;\n", True, {"out": (["put(b);"], 0, False)}, id="a call"),
        pytest.param(
            "out:\n\tput(b);\n\tif (!err)\n\t\terr = flush(b);\n\treturn err;\n",
            True,
            {"out": (["put(b);"], 0, True)},
            id="what only a success does",
        ),
        pytest.param(
            "out:\n\tput(b);\n\tif (!err)\n\t\terr = flush(b);\n\treturn err;\n",
            False,
            {},
            id="a success sets another value",
        ),
        pytest.param(
            'out:\n\tif (b)\n\t\tprintk("no");\n\tput(b);\n\treturn err;\n',
            True,
            {"out": (["put(b);"], 1, False)},
            id="a text",
        ),
        pytest.param(
            "out:\n\tif (b)\n\t\tput(b);\n\treturn err;\n",
            True,
            {"out": (["b", "put(b);"], 0, False)},
            id="under a test",
        ),
        pytest.param("out:\n\terr = put(b);\n\treturn err;\n", True, {}, id="the value is lost"),
        pytest.param("out:\n\tput(b);\n\treturn 0;\n", True, {"out": (["put(b);"], 0, False)}, id="always a success"),
    ],
)
def test_what_stands_behind_a_label(tail, failed, wanted):
    """A step too few, and a jump frees what is not there; one too many, and no jump is made where everybody makes one."""
    assert ends(tail, failed=failed) == wanted


def test_calls_by_their_names():
    """A copy between two maps is no map, and a text for the user is no step."""
    assert changes(Call("filemap_invalidate_lock", True, ("mapping",), 1))
    assert not changes(Call("filemap_write_and_wait_range", True, ("mapping",), 1))
    assert prints_for_user(Call("demo_msg", True, ("sb", '"no root"'), 1))
    assert not prints_for_user(Call("pr_debug", True, ('"leave"',), 1))


def test_who_wakes_up_gives_back_no_semaphore():
    """Each label that wakes somebody would say that more is owed, and a plain fix was refused."""
    assert changes(Call("up", True, ("&s",), 1))
    assert not changes(Call("wake_up", True, ("&box->waits",), 1))
