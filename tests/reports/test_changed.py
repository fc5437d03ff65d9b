"""How a finding stands to a checked change."""

import pytest

from cocci_gen.reports.changed import changed_by

CHANGE = {
    "changes": [
        {"name": "1/2", "subject": "a: one", "new": ["aa"], "gone": ["bb"]},
        {"name": "2/2", "subject": "a: two", "new": ["cc"], "gone": ["aa"]},
    ],
    "still": ["dd"],
    "since": [{"name": "v1 in x", "new": ["cc"], "still": ["aa"], "gone": ["ee"]}],
}


@pytest.mark.parametrize(
    ("fingerprint", "said"),
    [
        ("aa", ("brought by 1/2 a: one", "ended by 2/2 a: two", "brought by v1 in x too")),
        ("bb", ("ended by 1/2 a: one",)),
        ("cc", ("brought by 2/2 a: two", "not brought by v1 in x")),
        ("dd", ("there before what was checked",)),
        ("ee", ("brought by v1 in x, and no more by what was checked",)),
        ("ff", ()),
    ],
)
def test_a_finding_is_told_by_the_patch_that_brings_or_ends_it(fingerprint, said):
    """Whoever reads the page of a series would have to look for the patch to answer."""
    assert said == changed_by(CHANGE, fingerprint)


@pytest.mark.parametrize("change", [{}, {"changes": "x", "still": 1, "since": [3, {"new": "aa"}]}])
def test_a_scan_or_an_edited_file_tells_nothing(change):
    """A run folder that somebody has edited would end in a traceback."""
    assert () == changed_by(change, "aa")
