"""Filter `not_examined`."""

from cocci_gen.filters.not_examined import judge
from cocci_gen.findings.trials import Untried


def test_a_fix_that_could_not_be_tried_is_rejected(case):
    """A job that failed says nothing, and nothing is not a pass."""

    assert "not examined: spatch did not finish in 60 s" == judge(case(Untried("spatch did not finish in 60 s", True)))


def test_no_fix_and_a_tried_fix_are_let_through(case):
    """That no fix was made is no failure."""

    assert ["", ""] == [judge(case(Untried("no writeback_control", False))), judge(case())]
