"""Filter `still_there`."""

from cocci_gen.filters.still_there import judge
from cocci_gen.findings.trials import Trial, Untried


def test_a_fix_that_leaves_the_finding_is_rejected(case):
    """The next run would report the mended function once more."""

    assert "the finding is still there after the fix" == judge(case(Trial(True, True, False, ("new",), True, "")))


def test_a_fix_that_brings_another_finding_is_rejected(case):
    """To unlock on a path that is shared mends one path and breaks another."""

    assert "the fix brings a new finding: g() returns" == judge(
        case(Trial(True, True, True, ("g() returns",), True, ""))
    )


def test_everything_else_is_let_through(case):
    """A fix that does not even apply has its own reason."""

    assert ["", "", ""] == [
        judge(case()),
        judge(case(Untried("none was made", False))),
        judge(case(Trial(False, False, False, (), False, "x"))),
    ]
