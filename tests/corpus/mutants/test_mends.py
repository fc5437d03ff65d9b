"""Lines of a mended text are those of the text before, but for what the fix brings."""

import pytest

from cocci_gen.corpus.mutants.mends import _unmoved
from cocci_gen.findings.findings import Edit


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
