"""`kinds/exits/siblings`: whether the data of a page went anywhere on a way."""

import pytest

from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.registry import RULES

TEXT = """\
static bool give_up(struct page *p) { p->x = 0; return p->y; }
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	{0}
		unlock_page(page);
		return 0;
	}
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""


@pytest.mark.parametrize(
    ("test", "written"),
    [
        ("if (give_up(page)) {", False),
        ("if (!give_up(page)) {", False),
        ("err = give_up(page); if (!err) {", True),
        ("if (give_up(page, wbc)) {", True),
    ],
)
def test_a_test_of_the_page_writes_nothing(facts_of, make_obligation, test, written):
    """`if (free_swap(folio)) { unlock; return 0; }` got writeback started and ended, and the data were lost."""
    rule = RULES["writeback"][0]
    duties, _ = rule.duties(make_obligation("writepage", "writeback"), facts_of({"fs/a.c": TEXT.replace("{0}", test)}))
    (suspect,) = rule.judge(duties[0], [8], "")

    assert written != (
        isinstance(suspect.plan, NoFix) and "nothing shows that the page was written" in suspect.plan.reason
    )
