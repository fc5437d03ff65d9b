"""Filter `fix_does_not_apply`."""

from cocci_gen.filters.fix_does_not_apply import judge
from cocci_gen.findings.trials import Trial, Untried


def test_a_fix_for_another_file_is_rejected(case):
    """Its patch would not apply at the maintainer's."""
    trial = Trial(False, False, False, (), False, "line 3 is not what the edit expects")

    assert "the fix does not apply: line 3 is not what the edit expects" == judge(case(trial))


def test_a_fix_that_applies_and_no_fix_are_let_through(case):
    """A finding without a fix is a finding all the same."""

    assert ["", ""] == [judge(case()), judge(case(Untried("none was made", False)))]
