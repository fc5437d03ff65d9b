"""Filter `not_converging`."""

from cocci_gen.filters.not_converging import judge
from cocci_gen.findings.trials import Trial, Untried


def test_a_fix_that_is_made_again_is_rejected(case):
    """A second unlock on every further run is no fix."""

    assert "changes the file again" in judge(case(Trial(True, True, True, (), False, "")))


def test_everything_else_is_let_through(case):
    """A fix that does not even apply has its own reason."""

    assert ["", "", ""] == [
        judge(case()),
        judge(case(Untried("none was made", False))),
        judge(case(Trial(False, False, False, (), False, "x"))),
    ]
