"""A page that a helper puts into a structure is no page that is unlocked."""

from cocci_gen.kinds.registry import RULES

CODE = """\
static void nest_fill(struct nest_request *req, struct page *page) { req->page = page; }
static int nest_unpack(struct page *page)
{
	NEST_REQUEST_ON_STACK(req);

	nest_fill(req, page);
	return nest_run(req);
}
static int nest_readpage(struct file *file, struct page *page)
{
	int err = nest_unpack(page);

	END
	return err;
}
static const struct address_space_operations nest_ops = { .readpage = nest_readpage };
"""


def _missing(facts_of, make_obligation, end):
    facts = facts_of({"fs/a.c": CODE.replace("END", end)}, methods=("readpage",))
    obligation = make_obligation("readpage", "unlocks")
    return [one for rule in RULES["unlocks"] for one in rule.duties(obligation, facts)[1]]


def test_what_only_stands_in_a_structure_is_told(facts_of, make_obligation):
    """The method never unlocks the page, and stood there as one that keeps the rule."""
    (one,) = _missing(facts_of, make_obligation, "")

    assert "what every way to this return passes cannot be seen through" in one.reason
    assert "req->page keeps it" in one.reason
    assert ("nest_readpage", 14) == (one.function, one.line)


def test_who_unlocks_it_behind_that_has_done_so(facts_of, make_obligation):
    """Each method that reads by way of a request would be told of."""
    assert [] == _missing(facts_of, make_obligation, "unlock_page(page);")


LOOP = """\
static int nest_fill(struct page *page, struct nest_bh *bh)
{
	struct nest_bh *prev = NULL;

	while (bh->next) {
		if (prev)
			submit_bh(page, prev);
		prev = bh;
		bh = bh->next;
	}
	if (prev)
		submit_bh(page, prev);
	END
	return 0;
}
static int nest_readpage(struct file *file, struct page *page) { return nest_fill(page, nest_first(file)); }
static const struct address_space_operations nest_ops = { .readpage = nest_readpage };
"""


def test_a_loop_that_may_not_be_run_hands_nothing_over_for_sure(facts_of, make_obligation):
    """A helper whose loop submits what it finds, and that leaves a page alone where there is nothing, passed for one that sees to
    it."""
    facts = facts_of({"fs/a.c": LOOP.replace("END", "")}, methods=("readpage",))
    (rule,) = RULES["unlocks"]
    (one,) = rule.duties(make_obligation("readpage", "unlocks"), facts)[1]

    assert "nest_fill() does so in a loop, and how often that was run nobody knows" in one.reason
