"""What writeback does with a page that a ->page_mkwrite has not prepared: said only where it is seen."""

import pytest

from cocci_gen.kinds.returns.unprepared import at_writeback, interrupted

MKWRITE = "static void prepare(struct page *page) { attach_page_private(page, get()); }\n"
OPS = "static const struct address_space_operations aops = { .writepages = demo_writepages };\n"
BUG = """static int each(struct page *page, void *data)
{
	if (!PagePrivate(page)) {
		unlock_page(page);
		BUG();
	}
	return 0;
}
static int demo_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return write_cache_pages(mapping, wbc, each, NULL);
}
"""
LOADED = BUG.replace("if (!PagePrivate(page)) {", "void *held = page->private;\n\tif (!held) {")
OTHER_BUG = BUG.replace("BUG();", "return -EIO;")
NOTHING = """static struct req *look(struct page *page)
{
	return PagePrivate(page) ? (struct req *)page_private(page) : NULL;
}
static int demo_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct page *page = next(mapping);
	struct req *req = look(page);
	if (!req)
		return 0;
	return send(req);
}
"""
ERROR = NOTHING.replace("return 0;", "return -EIO;")
RANGE = """static int demo_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct page *page = next(mapping);
	unsigned long priv = page_private(page);
	unsigned int from = first(priv);
	unsigned int to = last(priv);
	unsigned int len = to - from;
	return send(page, from, len);
}
"""
HANDED = RANGE.replace("unsigned int len = to - from;\n\t", "").replace("from, len)", "from, to)")
ONE_END = HANDED.replace("from, to)", "from)")
TESTED = RANGE.replace("unsigned int len", "if (priv)\n\t\treturn 0;\n\tunsigned int len")


@pytest.mark.parametrize(
    ("writes", "said"),
    [
        pytest.param(BUG, "each() comes to BUG() without private data", id="bug"),
        pytest.param(LOADED, "each() comes to BUG() without private data", id="bug-of-a-variable"),
        pytest.param(OTHER_BUG, "", id="an-error"),
        pytest.param(NOTHING, "demo_writepages() returns 0 where look() finds no private data", id="nothing"),
        pytest.param(ERROR, "", id="an-error-for-nothing"),
        pytest.param(RANGE, "demo_writepages() takes from the private data which part to write", id="range"),
        pytest.param(HANDED, "demo_writepages() takes from the private data which part to write", id="both-ends"),
        pytest.param(ONE_END, "", id="one-end"),
        pytest.param(TESTED, "", id="tested-range"),
    ],
)
def test_what_comes_of_a_page_that_was_not_prepared(facts_of, writes, said):
    """A message that threatens with a BUG() which is not there is laughed at; one that passes over it says nothing."""
    facts = facts_of({"fs/demo/a.c": MKWRITE + writes + OPS}, methods=("writepages", "writepage"))

    assert [one.note for one in at_writeback("fs/demo/a.c", ["prepare"], facts.index)] == ([said] if said else [])


@pytest.mark.parametrize(
    ("path", "left_out"),
    [("fs/demo/a.c", ["file_update_time"]), ("fs/other/a.c", ["prepare"])],
    ids=["nothing-attached", "another-folder"],
)
def test_what_has_nothing_to_do_with_private_data_says_nothing(facts_of, path, left_out):
    """Another file system of the tree must not lend its BUG() to this one."""
    files = {"fs/demo/a.c": MKWRITE + BUG + OPS, "fs/other/a.c": MKWRITE}
    facts = facts_of(files, methods=("writepages", "writepage"))

    assert at_writeback(path, left_out, facts.index) == ()


@pytest.mark.parametrize(("code", "said"), [("-EINTR", True), ("-EIO", False)])
def test_a_call_that_a_signal_ends(facts_of, code, said):
    """An error that only a signal makes ends in SIGBUS too: a message that is silent on it is asked about it."""
    text = f"static int wait(void) {{ if (pending()) return {code}; return 0; }}\nstatic int flush(void) {{ return wait(); }}\n"
    facts = facts_of({"fs/demo/a.c": text})
    notes = [one.note for one in interrupted("flush", "fs/demo/a.c", facts.index)]

    assert notes == (["flush() may fail for a signal, as wait() does with -EINTR"] if said else [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("", ""), True),
        (("clear_page_dirty_for_io(page);", ""), False),
        (("mapping_set_error(m, err);", ""), False),
        (("mapping_set_error(m, err);", "redirty_page_for_writepage(wbc, page); mapping_set_error(m, err);"), False),
    ],
    ids=["lost", "not made clean", "not recorded", "kept"],
)
def test_what_a_call_that_a_signal_ends_has_lost(facts_of, change, told):
    """SIGBUS for a signal that kills nobody is right only where the data is gone; of data that is kept that is untrue."""
    text = "static int wait(void) { if (pending()) return -EINTR; return 0; }\n"
    text += "static int send(void) { int err = wait(); if (err) mapping_set_error(m, err); return err; }\n"
    text += "static int flush(void) { clear_page_dirty_for_io(page); return send(); }\n"
    facts = facts_of({"fs/demo/a.c": text.replace(*change)})
    notes = [one.note for one in interrupted("flush", "fs/demo/a.c", facts.index)]

    assert notes[1:] == (["flush() loses what it cannot write, and records the error in the mapping"] if told else [])
