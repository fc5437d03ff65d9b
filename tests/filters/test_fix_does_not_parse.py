"""Filter `fix_does_not_parse`."""

from cocci_gen.filters.fix_does_not_parse import judge
from cocci_gen.findings.trials import Trial, Untried


def test_a_fix_that_breaks_the_syntax_is_rejected(case):
    """spatch sometimes joins what does not belong together; such a patch does not compile."""

    assert "does not parse as well" in judge(case(Trial(True, False, True, (), True, "")))


def test_everything_else_is_let_through(case):
    """A fix that does not even apply has its own reason."""

    assert ["", "", ""] == [
        judge(case()),
        judge(case(Untried("none was made", False))),
        judge(case(Trial(False, False, False, (), False, "x"))),
    ]
