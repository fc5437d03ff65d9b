"""How a callee comes back from what its caller holds: told by what the rule finds wrong with the caller."""

import pytest

PROMISED = """\
struct box {{ spinlock_t lock; int n; }};
static void last(struct box *box) {last}
{{
	spin_unlock(&box->lock);
}}
static void more(struct box *box) {more}
{{
	count(box->n);
	last(box);
}}
static inline void update(struct box *box) {more}
{{
	more(box);
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct box *box = dir->i_private;

	for (int n = 0; n < 4; n++) {{
		spin_lock(&box->lock);
		if (box->n > n)
			{call};
		else
			spin_unlock(&box->lock);
	}}
	return 0;
}}
"""
SAYS = "__releases(&box->lock)"


@pytest.mark.parametrize(
    ("call", "more", "lost"),
    [
        ("update(box)", SAYS, 0),
        ("update(box)", "__releases(box->lock)", 0),
        ("update(box)", f"{SAYS} __acquires(&box->lock)", 1),
        ("update(box)", "__releases(&box->other)", 1),
        ("count(box->n)", SAYS, 1),
    ],
    ids=["says so", "in other words", "takes it again", "of another lock", "does not call it"],
)
def test_what_a_head_says_of_a_lock_is_believed(wrongs, call, more, lost):
    """A lock that is dropped three calls deep was said to be taken again by who had it no more."""
    found = wrongs(PROMISED.format(last=SAYS, more=more, call=call))

    assert len(found) == lost


ASKED = """\
struct box {{ spinlock_t lock; int n, full; }};
static void ends(struct box *box)
{{
	if (box->full)
		return;
	spin_unlock(&box->lock);
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct box *box = dir->i_private;

	spin_lock(&box->lock);
	if (box->{asked} > 2) {{
		spin_unlock(&box->lock);
		return 0;
	}}
	ends(box);
	return -EIO;
}}
"""


@pytest.mark.parametrize(("asked", "lost"), [("full", 0), ("n", 1)], ids=["the same member", "another"])
def test_a_callee_that_tests_what_its_caller_tests_may_know_which(wrongs, asked, lost):
    """`box->full` was read as a word of the callee's own: a caller who has asked the same was said to lose the lock."""
    assert len(wrongs(ASKED.format(asked=asked))) == lost
