"""Stage 7 `filters`: all of them speak, all reasons are kept, and a file is all that a new one needs."""

from pathlib import Path

import cocci_gen.filters
from cocci_gen.filters import Accepted, FixRefused, Reason, Rejected, filters, verdict
from cocci_gen.findings.trials import Trial


def test_a_finding_without_fault_is_accepted(case):
    """Were this not so, nothing would ever be found."""

    assert Accepted() == verdict(case())


def test_every_reason_is_kept(case):
    """Whoever reads a rejected finding must see all that speaks against it, not the first that came up."""
    found = verdict(case(feasible=False, trial=Trial(True, False, False, (), False, "")))

    assert isinstance(found, Rejected)
    assert ["infeasible_path", "not_converging", "fix_does_not_parse", "still_there"] == sorted(
        (reason.filter for reason in found.reasons), key=lambda name: (name[0] != "i", name[0] != "n", name)
    )
    assert all(reason.reason for reason in found.reasons)


def test_a_fix_that_does_not_hold_leaves_the_finding(case):
    """A true finding would go unreported because the first attempt to mend it was bad."""
    found = verdict(case(trial=Trial(True, True, False, (), True, "")))

    assert FixRefused((Reason("still_there", "the finding is still there after the fix"),)) == found


def test_a_filter_is_found_by_its_file(case, tmp_path, monkeypatch):
    """There is no list to edit; a filter that nobody calls would let everything through."""
    (tmp_path / "dislikes_demo.py").write_text("def judge(case):\n    return 'it is a demo'\n")
    monkeypatch.setattr(cocci_gen.filters, "__path__", [*cocci_gen.filters.__path__, str(tmp_path)])
    filters.cache_clear()
    try:
        assert Rejected((Reason("dislikes_demo", "it is a demo"),)) == verdict(case())
    finally:
        filters.cache_clear()


def test_every_filter_has_a_test():
    """A filter without one may reject everything, and nobody would notice."""
    here = Path(__file__).parent

    assert [] == [one.name for one in filters() if not (here / f"test_{one.name}.py").exists()]
