"""The history of a batch is counted from its run folders, with the verdicts as they are now."""

from dataclasses import replace

import pytest

from cocci_gen.errors import StorageError
from cocci_gen.reports.html.plots import plot
from cocci_gen.reports.nights import is_batch, read_history
from cocci_gen.runs.baseline import Baseline


def test_a_real_batch_is_read(demo_night):
    """What `cocci-gen batch` leaves is what the page is made from."""
    history = read_history(demo_night, Baseline())
    first, failed = history.targets

    assert is_batch(demo_night)
    assert not is_batch(first.nights[0].folder)
    assert (2, 0) == (first.nights[-1].count("high"), first.nights[-1].judgement().judged)
    assert [("2", "0")] == [(new, gone) for _, new, gone in first.steps]
    assert [("", "")] == [(new, gone) for _, new, gone in replace(first, whole=False).steps]
    assert ("failed", ()) == (failed.result, failed.nights)
    assert "Nights until" in (demo_night / "nights.html").read_text()


def test_another_folder_is_refused(tmp_path):
    """A typo must not give an empty page."""
    with pytest.raises(StorageError, match="run `cocci-gen batch` again"):
        read_history(tmp_path, Baseline())


def test_only_a_page_shows_a_batch(demo_night, cocci_gen_says):
    """One format of many runs would mix their commits."""
    code, _, stderr = cocci_gen_says("findings", demo_night)

    assert (2, True) == (code, "--format html" in stderr)
    assert 0 == cocci_gen_says("findings", demo_night, "--format", "html")[0]


def test_a_plot_tells_its_numbers_in_words_and_leaves_gaps():
    """Whoever cannot see the picture hears it; a night without a verdict is no night of 0 %."""
    made = plot("precision", ["a", "b", "c"], [("true", [50.0, None, 100.0])], 100, " %")

    assert "true: 50 %, no value, 100 %" == made.words
    assert 2 == len(made.lines[0].dots)
    assert made.lines[0].dots[0][1] > made.lines[0].dots[1][1]
