"""What a night brings and what is gone, in lines."""

from collections import Counter
from pathlib import Path

from cocci_gen.findings.findings import Confidence
from cocci_gen.reports.night import LINES, night_lines
from cocci_gen.runs.nightly.config import BatchTarget
from cocci_gen.runs.nightly.state import GoneFinding
from cocci_gen.runs.nightly.summary import Done


def done(new=(), gone=()):
    """A target of a night."""
    target = BatchTarget("tree-main", Path("tree"), "main", (), ())
    return Done(
        target=target, folder=Path("out/night"), commit="c", scanned=True, complete=True, accepted=Counter(), new=tuple(new),
        series=(), patches=0, jobs=0, cached_jobs=0, fingerprints=frozenset(), stale=(), gone=dict(gone),
    )  # fmt: skip


def test_the_surest_come_first_and_the_rest_is_counted(make_judged):
    """The first night has all findings of a kernel, and a mail of 250 lines is not read."""
    found = [make_judged(f"f{number}_writepage", confidence=Confidence.LOW) for number in range(LINES)]
    lines = list(night_lines(done(new=[*found, make_judged("sure_writepage")])))

    assert "sure_writepage()" in lines[0]
    assert (LINES + 1, "  ... 1 more new: cocci-gen findings out/night") == (len(lines), lines[-1])


def test_what_is_gone_says_what_it_was_and_why():
    """A state that somebody has edited still makes lines."""
    where = ("a.writepage.unlocks", "fs/a.c", "a_writepage", "first", "last", 'fixed by 1 ("a")')
    gone = {
        "a" * 16: GoneFinding(*where, 7, "low", "it is doubtful"),
        "b" * 16: GoneFinding(*where, 4, "high", "it is wrong"),
        "c" * 16: GoneFinding(*where),
        "d" * 16: GoneFinding("odd", *where[1:], 4, "never heard of", "x"),
    }

    assert [
        '  gone  fs/a.c:4: high: it is wrong [writepage.unlocks bbbbbbbb]: fixed by 1 ("a")',
        '  gone  fs/a.c:7: low: it is doubtful [writepage.unlocks aaaaaaaa]: fixed by 1 ("a")',
        '  gone  fs/a.c: a_writepage() [writepage.unlocks cccccccc]: fixed by 1 ("a")',
        '  gone  fs/a.c:4: never heard of: x [odd dddddddd]: fixed by 1 ("a")',
    ] == list(night_lines(done(gone=gone)))
