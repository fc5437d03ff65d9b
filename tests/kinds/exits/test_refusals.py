"""`kinds/exits/refusals`: who is refused, the caller or the page."""

import pytest

from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.suspects import FixPlan

TEXT = """\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	{0}
		unlock_page(page);
		return 0;
	}
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	return 0;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""


@pytest.mark.parametrize(
    ("test", "redirtied"),
    [
        ("if (WARN_ON(current->journal_info)) {", True),
        ("if (current->flags & PF_MEMALLOC) {", True),
        ("if (!wbc->range_cyclic) {", True),
        ("if (WARN_ON(page->private)) {", False),
        ("if (current->flags & page->flags) {", False),
        ("store_write(page); if (wbc->range_cyclic) {", False),
        ("if (page->private) { WARN_ON(wbc->range_cyclic);", False),
    ],
)
def test_a_page_is_kept_dirty_for_another_caller(facts_of, make_obligation, test, redirtied):
    """A task that was in the wrong place lost the data of the page: writeback was said to have begun and ended."""
    rule = RULES["writeback"][0]
    duties, _ = rule.duties(make_obligation("writepage", "writeback"), facts_of({"fs/a.c": TEXT.replace("{0}", test)}))
    (suspect,) = rule.judge(duties[0], [5], "")

    assert redirtied == (isinstance(suspect.plan, FixPlan) and "+redirty_page" in suspect.plan.semantic_patch.text)
