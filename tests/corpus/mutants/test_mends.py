"""Lines of a mended text are those of the text before, but for what the fix brings; and which fixes are judged together."""

from types import SimpleNamespace

import pytest

from cocci_gen.corpus.mutants.mends import Mended, Mends, _unmoved
from cocci_gen.findings.findings import Edit, Fix


@pytest.mark.parametrize(
    ("edits", "after", "before"),
    [
        ((), 7, 7),
        ((Edit(5, (), (b"\tunlock();\n",)),), 4, 4),
        ((Edit(5, (), (b"\tunlock();\n",)),), 5, -5),
        ((Edit(5, (), (b"\tunlock();\n",)),), 6, 5),
        ((Edit(5, (b"\tif (x)\n",), (b"\tif (x) {\n", b"\t\tunlock();\n")), Edit(6, (b"\t}\n",), ())), 7, 7),
        ((Edit(5, (b"\treturn 1;\n",), (b"\tgoto out;\n",)),), 5, -5),
    ],
)
def test_lines(edits, after, before):
    """A branch that is compared with another one tells of harm where there is none."""
    assert before == _unmoved(edits)(after)


class TwoExits(Mends):
    """Judges by the number of edits: a breach that shows at two exits needs both."""

    def __init__(self):
        """Without an index."""

    def of(self, finding, edits):  # noqa: ARG002 - as the one that it stands for
        """Restored by two edits."""
        return Mended("" if len(edits) == 2 else f"{len(edits)} of 2", ())


def finding_at(line, function="f"):
    """A finding with a fix of one line."""
    return SimpleNamespace(file="a.c", function=function, fix=Fix((Edit(line, (), (b"x\n",)),), "", ""))


def test_a_breach_with_two_exits_is_mended_by_two_fixes():
    """Each alone leaves the other exit as broken as it was."""
    assert [one.reason for one in TwoExits().every([finding_at(3), finding_at(7)])] == ["1 of 2", "1 of 2", ""]
    assert [one.reason for one in TwoExits().every([finding_at(3), finding_at(7, "g")])] == ["1 of 2"] * 3
    assert [one.reason for one in TwoExits().every([finding_at(3)])] == ["1 of 2"]
