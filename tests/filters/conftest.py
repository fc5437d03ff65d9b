"""What the tests of the filters share."""

import pytest

from cocci_gen.filters import Claim
from cocci_gen.findings.findings import Breach, Confidence, Finding, NoFix
from cocci_gen.findings.trials import Trial


@pytest.fixture
def case(make_obligation):
    """case(trial=..., feasible=...) -> what a filter sees; by default a finding whose fix passed everything."""

    def make(trial=None, *, feasible=True, searched=True):
        breach = Breach("return -EIO;", "!info", True, 3, ("unlock_page",), "page", "page")
        owner = make_obligation()
        finding = Finding(
            "0" * 16, owner, "fs/a.c", "f", 4, "message", Confidence.HIGH, breach, (), (), "", NoFix("none")
        )
        return Claim(finding, feasible, searched, trial or Trial(True, True, True, (), True, ""))

    return make
