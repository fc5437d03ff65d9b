"""What a wrong return leaves out of the good way, and the jumps that bring the same value."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.code.texts.reading import Reading
from cocci_gen.kinds.returns.candidates import Candidate
from cocci_gen.kinds.returns.left_out import left_out, other_jumps


def graph(body):
    """The graph of a ->page_mkwrite with this body."""
    made = graph_of(f"static int f(struct vm_fault *vmf)\n{{\n{body}\n}}\n".encode(), 1, Reading())
    assert made is not None
    return made


def way(made, text):
    """The shortest way to a return."""
    [target] = [n for n, node in enumerate(made.nodes) if node.text == text]
    found = find_path(made, target, ())
    assert isinstance(found, Path)
    return found


HEAD = "struct page *page = vmf->page;\nif (lock_page_killable(page) < 0)\n\treturn VM_FAULT_RETRY;\n"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        pytest.param("return VM_FAULT_LOCKED;", (), id="nothing"),
        pytest.param("note_store(page);\nreturn VM_FAULT_LOCKED;", ("note_store",), id="returned"),
        pytest.param("int r = VM_FAULT_LOCKED;\nif (note(page))\n\tr = 1;\nreturn r;", ("note",), id="assigned-before"),
        pytest.param("wait_on_page_writeback(page);\nunlock_page(page);\nreturn VM_FAULT_LOCKED;", (), id="waits"),
        pytest.param("if (x) {\n\tfail(page);\n\treturn 2;\n}\nreturn VM_FAULT_LOCKED;", (), id="another-way"),
        pytest.param("other(3);\nreturn VM_FAULT_LOCKED;", (), id="about-something-else"),
        pytest.param("attach_page_private(page, x);\nreturn VM_FAULT_LOCKED;", ("attach_page_private",), id="private"),
        pytest.param("note(page);\nreturn 0;", (), id="no-good-value"),
    ],
)
def test_what_is_left_out(rest, expected):
    """A consequence that is not in the function would be made up; one that is there must not be missed."""
    made = graph(HEAD + rest)
    assert left_out(made, way(made, "return VM_FAULT_RETRY;"), "VM_FAULT_LOCKED") == expected


JUMPS = (
    "int ret = VM_FAULT_RETRY;\nif (first(vmf))\n\tgoto out;\nif (second(vmf))\n\tgoto out;\n{more}ret = VM_FAULT_LOCKED;\n"
    "out:\nreturn ret;"
)


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        pytest.param("", [7], id="second"),
        pytest.param("ret = 0;\nif (third(vmf))\n\tgoto out;\n", [7], id="another-value"),
        pytest.param("if (third(vmf))\n\tgoto out;\n", [7, 9], id="third"),
    ],
)
def test_the_other_jumps_with_the_same_value(more, lines):
    """Each edited exit is named, and none by which another value comes."""
    made = graph(JUMPS.format(more=more))
    path = way(made, "return ret;")
    candidate = Candidate(path.nodes[-1], "VM_FAULT_RETRY", "ret", (), False)
    passed = {made.nodes[number].line for number in path.nodes}
    assert [line for line in other_jumps(made, path, candidate) if line not in passed] == lines
