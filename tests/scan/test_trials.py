"""A fix is tried on the mended file: what it was made for must be gone, whatever else is found there."""

import pytest

from cocci_gen.coccinelle.spatch import Clean, Matched, Patched

TEXT = """\
static int store(struct page *page) { if (x) return 1; return send(page_address(page)); }
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	err = store(page);
	if (err != 1)
		unlock_page(page);
	return err;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""
AROUND = "set_page_writeback(page);\n\t\tunlock_page(page);\n\t\tend_page_writeback(page);\n\t"
MENDED = TEXT.replace(" != 1)\n\t\tunlock_page(page);\n\t", f" != 1) {{\n\t\t{AROUND}}}\n\t")


def answer(job):
    """A spatch that finds both breaches, and puts writeback around the unlock."""
    text = job.slice.text.decode()
    if "\n* return" in job.semantic_patch:
        return Matched("key", (text.split("\n").index("\treturn err;") + 1,))
    if "+set_page_writeback" in job.semantic_patch and "set_page" not in text:
        return Patched("key", MENDED.encode(), b"")
    return Clean()


@pytest.mark.parametrize(
    ("kinds", "mended"), [(("unlocks", "writeback"), True), (("writeback",), False)], ids=["told of", "told of nowhere"]
)
def test_a_way_that_something_else_is_told_of_does_not_undo_a_fix(scanned, kinds, mended):
    """On the way that keeps the page locked writeback is missing too: it was taken for the breach that the fix was made for.
    Where nobody tells of that way, the fix is half of one."""
    found, _ = scanned(answer, TEXT, kinds=kinds)
    [one] = [one.finding for one in found.findings if one.finding.obligation.kind == "writeback"]

    assert ("err != 1", True) == (one.breach.condition, one.breach.taken)
    assert mended == hasattr(one.fix, "edits"), one.fix
