"""What `series` and `scan` say beside their results."""

from types import SimpleNamespace

import pytest

from cocci_gen.cli import scanning
from cocci_gen.cli.series import _signed
from cocci_gen.runs.people import People


@pytest.mark.parametrize(
    ("signed", "words"),
    [
        ((True, True), "signed        2 of 2 patches"),
        ((True,), "signed        1 of 1 patch"),
        ((True, False, False), "signed        1 of 3 patches; of the others not all findings are accepted in review"),
    ],
)
def test_how_many_are_signed_is_said(signed, words):
    """Who expects all of them to be would send the rest unsigned."""
    patches = [SimpleNamespace(signed=one) for one in signed]

    assert _signed(SimpleNamespace(series=[SimpleNamespace(patches=patches)])).startswith(words)


@pytest.mark.parametrize(("jobs", "cached", "told"), [(5, 5, True), (5, 4, False), (0, 0, True)])
def test_a_cluster_that_was_asked_nothing_is_told(monkeypatch, capsys, tmp_path, jobs, cached, told):
    """A cluster that is down looks like one that works, as long as the cache knows everything."""
    scan = SimpleNamespace(jobs=jobs, cached_jobs=cached)
    done = SimpleNamespace(scan=scan, stale=(), incomplete=False, accepted=())
    monkeypatch.setattr("cocci_gen.api.scan_request", lambda tree, request, progress: done)
    monkeypatch.setattr("cocci_gen.runs.folder.counts", lambda scan: {})
    monkeypatch.setattr(scanning, "_summary", lambda figures, accepted: None)
    monkeypatch.setattr(scanning, "show_end", lambda folder, scan, baseline: None)
    people = People()
    scanning._scan(None, SimpleNamespace(scheduler="tcp://host:8786", out=tmp_path, people=people))

    assert told == ("everything was in the cache, so tcp://host:8786 was asked nothing" in capsys.readouterr().err)
