"""A scan whose spatch is made up."""

import pytest

from cocci_gen.coccinelle.parse_report import ParseReport
from cocci_gen.scan.pipeline import Examination, ScanOptions


class FakeRunner:
    """A spatch that answers by a function of the job; it remembers what it was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self.cached_jobs = 0

    def run(self, jobs):
        """Every job with its answer."""
        for job in jobs:
            self.asked.append(job)
            yield job, self.answer(job)

    def parse_check(self, slice_):
        """Everything parses but what says BROKEN."""
        broken = slice_.text.count(b"BROKEN")
        return ParseReport(9 - broken, broken, ())


@pytest.fixture
def scanned(index_of, make_obligation):
    """scanned(answer, text, ...) -> (Scan of the obligation writepage.unlocks over fs/a.c, the runner)."""

    def make(answer, text, kinds=("unlocks",), progress=lambda stage, done, total: None, **options):
        index = index_of({"fs/a.c": text, "drivers/b.c": ""})
        runner = FakeRunner(answer)
        examination = Examination(index.tree, index, runner, ScanOptions(**options))
        return examination.scan([make_obligation("writepage", kind) for kind in kinds], progress), runner

    return make
