"""`scan --path`: what is told of a part of a kernel is what a scan of all of it tells of that part, in a part of the time."""

import json

import pytest

from cocci_gen.scan.pipeline import Examination

CODE = b"""\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""


@pytest.fixture
def told(tmp_path, corpus, make_repository, cocci_gen_says, need):
    """told(words, ...) -> the findings of a scan of two file systems that break the same rule."""
    need("spatch")
    kernel = make_repository(
        tmp_path / "linux",
        {**corpus.trees["6.1"], "fs/one/a.c": CODE, "fs/two/a.c": CODE.replace(b"demo", b"other")},
    )

    def tell(*words):
        cocci_gen_says("scan", "--kernel", kernel, "--cache", tmp_path / "cache", "-o", tmp_path / "out", *words)
        return [json.loads(line) for line in (tmp_path / "out/findings.jsonl").read_text().splitlines()]

    return tell


def test_a_part_is_told_of_as_a_scan_of_all_tells(told, monkeypatch):
    """And nobody else is looked at."""
    seen, bound = set(), Examination._bound_by

    def heard(self, obligation, asked):
        seen.update(duty.definition.path for _, duties, _ in asked for duty in duties)
        yield from bound(self, obligation, asked)

    every = told()
    monkeypatch.setattr(Examination, "_bound_by", heard)
    part = told("--path", "fs/one")
    assert part == [one for one in every if one["file"] == "fs/one/a.c"] != []
    assert "fs/one/a.c" in seen
    assert "fs/two/a.c" not in seen
