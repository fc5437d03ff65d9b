"""Leaf `trials`: which rungs a fix has climbed, in the words under a patch."""

import pytest

from cocci_gen.findings.trials import Trial
from cocci_gen.series.ladder.rungs import Rung


@pytest.mark.parametrize(
    ("trial", "missing"),
    [
        (Trial(True, True, True, (), True, ""), None),
        (Trial(False, True, True, (), True, ""), Rung.APPLIES),
        (Trial(True, False, True, (), True, ""), Rung.PARSES),
        (Trial(True, True, False, (), True, ""), Rung.GONE),
        (Trial(True, True, True, ("another",), True, ""), Rung.NONE_NEW),
        (Trial(True, True, True, (), False, ""), Rung.CONVERGES),
    ],
)
def test_only_what_held_is_said_to_have_passed(trial, missing):
    """A patch mail that claims a check which failed is a lie under the author's name; `ladder` reads these words."""
    rungs = (Rung.APPLIES, Rung.PARSES, Rung.GONE, Rung.NONE_NEW, Rung.CONVERGES)

    assert tuple(str(rung) for rung in rungs if rung is not missing) == trial.passed
