"""The Python API: what the command line says, without a command line."""

import json

import pytest

from cocci_gen import api

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
def files(corpus, need):
    """A small kernel with one function that breaks two rules."""
    need("spatch")
    return {**corpus.trees["6.1"], "fs/demo.c": CODE}


def test_texts_are_scanned_in_memory(files):
    """An editor or a bot has texts, not repositories."""
    scan = api.scan_texts(files, rules=["*.writepage.unlocks"], jobs=1)
    [judged] = api.findings(scan)

    assert ("fs/demo.c", 5, "demo_writepage") == (judged.finding.file, judged.finding.line, judged.finding.function)
    assert isinstance(judged.finding.fix, api.Fix)
    assert any(one.function == "demo_writepage" for one in scan.standings)


def test_a_tree_is_scanned_into_a_folder_and_read_again(files, make_repository, tmp_path):
    """The folder is the one that the command line writes, so that both can go on from it."""
    root, seen = make_repository(tmp_path / "k", files), []
    record = api.scan_tree(
        root,
        tmp_path / "out",
        rules=["*.writepage.*"],
        paths=["fs"],
        jobs=1,
        cache=tmp_path / "cache",
        progress=lambda stage, done, total: seen.append(stage),
    )
    sure = list(api.findings(record, api.Selection(confidences=(api.Confidence.HIGH,), paths=("fs/demo.c",))))

    assert {"unlocks", "writeback"} == {one.finding.obligation.kind for one in sure}
    assert record.findings == api.read(tmp_path / "out").findings
    assert record.header.commit == json.loads((tmp_path / "out/run.json").read_bytes())["commit"]
    assert {"index", "facts", "report"} <= set(seen)


def test_wrong_input_says_what_to_do(files, make_repository, tmp_path):
    """A program shows the text to its user."""
    root = make_repository(tmp_path / "k", files)
    record = api.scan_tree(root, tmp_path / "out", rules=["*.writepage.unlocks"], jobs=1, cache=tmp_path / "cache")

    with pytest.raises(api.CocciGenError, match="matches no obligation"):
        api.findings(record, api.Selection(rules=("no such",)))
    with pytest.raises(api.CocciGenError, match=r"run\.json"):
        api.read(tmp_path)


def test_every_name_of_it_is_explained():
    """`help(cocci_gen.api)` is its manual."""
    assert [] == [name for name in api.__all__ if not (getattr(api, name).__doc__ or "").strip()]
