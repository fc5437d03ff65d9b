"""Pages, and a real browser that reads them."""

import json
import os
import subprocess
from datetime import date

import pytest

from cocci_gen.reports.html.page import history_page, run_page
from cocci_gen.reports.nights import read_history
from cocci_gen.reports.selection import Selection, select
from cocci_gen.runs.baseline import Baseline, Ruling, Status
from cocci_gen.runs.nightly.state import State, TargetRecord, write_state
from cocci_gen.runs.pages import Missing

CODE = b"""\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!info) /* </script><img src=x onerror="document.title='broken in'"> */
		return -EIO;
	unlock_page(page);
	return 0;
}
"""
RULES = b"""\
=======
Locking
=======

address_space_operations
========================
prototypes::

	int (*writepage)(struct page *page, struct writeback_control *wbc);
	int (*bmap)(struct address_space *, sector_t);

locking rules:

======================	======================== =========
ops			PageLocked(page)	 i_rwsem
======================	======================== =========
writepage:		yes, unlocks (see below)
bmap:
======================	======================== =========
"""


@pytest.fixture
def page_of():
    """page_of(record) -> its page; the tree has one file and its rules."""

    def make(record, more=()):
        files = {"fs/a.c": CODE, "Documentation/filesystems/locking.rst": RULES, **dict(more)}
        selected = select(record.findings, Selection(rejected=True))
        return run_page(record, selected, lambda path: files.get(path, Missing("no such file")))

    return make


@pytest.fixture
def nights(tmp_path, make_judged, make_record):
    """The page of a batch of three nights of one target, and of another that failed."""
    found = [make_judged(f"n{number}_writepage", file=f"fs/{number}.c") for number in range(4)]
    past = make_judged("past_writepage", file="fs/past.c")
    was = {"file": "fs/past.c", "line": 4, "function": "past_writepage", "message": "<i>locked", "reason": "mended"}
    home, names = tmp_path / "out" / "demo-main", []
    for number, day in enumerate(("2025-01-29", "2025-01-30", "2025-01-31"), 2):
        names.append(f"{day}-{'c' * 12}")
        make_record([*found[:number], *([past] if number == 2 else [])], name=f"out/demo-main/{names[-1]}")
    write_state(home, State(tuple(TargetRecord(name, "k", "c" * 40, True, True) for name in names)))
    runs = [
        {"name": "demo-main", "tree": "/t/demo", "revision": "main", "result": "scanned", "gone": [was]},
        {"name": "gone-main", "tree": "/t/<b>gone", "revision": "v6", "result": "failed", "reason": "it is not there"},
    ]
    summary = {"date": "2025-01-31", "complete": False, "runs": runs}
    (tmp_path / "out" / "summary.json").write_text(json.dumps(summary))
    said = [
        (found[0].finding, Status.ACCEPTED),
        (found[1].finding, Status.FALSE_POSITIVE),
        (found[2].finding, Status.SENT),
    ]
    rulings = [
        Ruling(f.fingerprint, f.obligation.id, f.file, f.function, s, "x", date(2025, 1, 31), "A") for f, s in said
    ]
    return read_history(tmp_path / "out", Baseline(tuple(rulings)))


@pytest.fixture
def page(record, page_of):
    """The page of the run with findings of every sort."""
    return page_of(record)


@pytest.fixture
def nights_page(nights):
    """Its page."""
    return history_page(nights)


@pytest.fixture
def browser(need, tmp_path):
    """browser(page, *options, fragment) -> what headless Chromium prints; it has no network."""
    program = need("chromium")

    def run(text, *options, fragment=""):
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        words = [program, "--headless", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND"]
        words += ["--no-sandbox"] if os.geteuid() == 0 else []  # root has none to enter
        words += [
            f"--user-data-dir={tmp_path / 'profile'}",
            "--hide-scrollbars",
            *options,
            f"{path.as_uri()}{fragment}",
        ]
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout

    return run
