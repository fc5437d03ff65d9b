"""Beside the stages, `bench_tree`: files in memory go through the whole pipeline, and leave nothing in common."""

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.corpus.bench import BenchTree
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.tree import KernelTree

CODE = b"""\
#include <linux/fs.h>
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""


@pytest.fixture
def bench(tmp_path):
    """A bench in an empty folder."""
    return BenchTree(tmp_path, 1)


def test_a_repository_holds_exactly_these_files(bench):
    """A case must not see what another case brought along."""
    files = {"fs/a.c": b"int a;\n", "Makefile": b"VERSION = 6\n", "fs/\xe9.c".encode("latin-1").decode("latin-1"): b""}
    for wanted in (files, {"b.c": b"x"}):
        with KernelTree.open(bench.repository(wanted)) as tree:
            assert wanted == {path: tree.read(path) for path in tree.blobs()}


def test_equal_files_are_equal_commits(bench):
    """The corpus says the same everywhere and always."""
    commits = []
    for _ in range(2):
        with KernelTree.open(bench.repository({"a.c": b"x"})) as tree:
            commits.append(tree.commit)

    assert 1 == len(set(commits))


def test_files_are_scanned_by_the_whole_pipeline(bench, corpus, need):
    """What the corpus judges must be what users run."""
    need("spatch")
    found = bench.scan({**corpus.trees["6.1"], "fs/demo.c": CODE})

    assert [
        ("fs/demo.c", 5, "address_space_operations.writepage.unlocks"),
        ("fs/demo.c", 5, "address_space_operations.writepage.writeback"),
    ] == [(one.file, one.line, one.obligation.id) for one in found if one.file == "fs/demo.c"]


def test_what_spatch_cannot_parse_is_said(bench, need):
    """A case that spatch skips would pass for ever."""
    need("spatch")

    whole, broken = bench.parses([b"int a(void)\n{\n\treturn 1;\n}\n", b"int a(void)\n{\n\tint = ;\n}\n"])

    assert "" == whole
    assert "lines 1 to 4: " in broken


def test_many_files_are_parsed_by_one_spatch(bench, need, monkeypatch):
    """A spatch for each of 800 files would take most of the time of a check; one that says nothing of a file has not seen it."""
    need("spatch")
    monkeypatch.setattr(SpatchRunner, "parse_check", lambda *_: pytest.fail("asked one by one"))

    assert [""] * 60 == list(bench.parses([b"int a(void)\n{\n\treturn 1;\n}\n"] * 60))
    with JobCache(bench.folder / "jobs.sqlite") as cache, SpatchRunner(cache, 1) as runner:
        assert not runner.parses_all([b"int a(void)\n{\n}\n", b"int a(void)\0"])


def test_a_bench_that_cannot_be_made_is_one_clear_error(bench, monkeypatch):
    """A machine without git must not end in a traceback."""
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(CocciGenError, match=r"cannot make the throw-away repository .*no program 'git'"):
        bench.repository({})
