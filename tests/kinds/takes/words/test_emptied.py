"""A helper that gives back each element of an array: which of them."""

import pytest

HELPERS = """\
struct box { struct page **all; struct address_space *mapping; int n; };
static void drop(struct box *box)
{
	struct page *page;

	for (int i = 0; i < box->n; i++) {
		page = box->all[i];
		if (page)
			unlock_page(page);
	}
}
static void look(struct box *box)
{
	for (int i = 0; i < box->n; i++)
		show(box->all[i]->index);
}
static void unlock_first(struct page **all, int n)
{
	while (n--)
		unlock_page(all[n]);
}
static void brelse_first(struct buffer_head **all, int n)
{
	while (n--)
		brelse(all[n]);
}
"""
STORED = """\
static int fill(struct box *box, struct page *page)
{{
	for (int i = 0; i < box->n; i++) {{
		page = find_or_create_page(box->mapping, i, 0);
		if (!page)
			return -ENOMEM;
		{before}
		box->all[i] = page;
		lock_page(page);
		if (page->index) {{
			{behind}
			return -EIO;
		}}
		unlock_page(page);
	}}
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return fill(dir->i_private, NULL);
}}
"""


@pytest.mark.parametrize(
    ("before", "behind", "lost"),
    [
        ("", "drop(box);", 0),
        ("", "look(box);", 1),
        ("", "unlock_first(box->all, box->n);", 0),
        ("", "unlock_first(box->all, i);", 1),
        ("", "", 1),
        ("if (i > 3) { drop(box); return -EINVAL; }", "drop(box);", 2),
    ],
    ids=["all", "only looks", "all by their number", "all but this one", "none", "before it is stored"],
)
def test_who_empties_an_array_gives_back_what_was_stored_there(wrongs, before, behind, lost):
    """What was put into an array and locked was said to be kept where a helper gives back all that is there."""
    found = wrongs(f"{HELPERS}{STORED.format(before=before, behind=behind)}", "fill")

    assert len(found) == lost


OWN = """\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct buffer_head **bhs = kmalloc_array(9, sizeof(*bhs), GFP_KERNEL);
	int i;

	if (!bhs)
		return -ENOMEM;
	for (i = 0; i < 9; i++) {{
		bhs[i] = sb_bread(dir->i_sb, i);
		if (!bhs[i]->b_size) {{
			{inside}
			kfree(bhs);
			return -EIO;
		}}
	}}
	if (dir->i_flags) {{
		{behind}
		kfree(bhs);
		return -EIO;
	}}
	for (i = 0; i < 9; i++)
		brelse(bhs[i]);
	kfree(bhs);
	return 0;
}}
"""
ALL, UP_TO_HERE = "brelse_first(bhs, 9);", "brelse_first(bhs, i);"


@pytest.mark.parametrize(
    ("inside", "behind", "lost"),
    [(ALL, ALL, 0), (ALL, UP_TO_HERE, 0), (UP_TO_HERE, ALL, 1), (ALL, "", 1), ("", ALL, 1)],
)
def test_who_stops_short_of_the_last_one_leaves_that(wrongs, inside, behind, lost):
    """A helper with a loop over the array was taken for nothing, and one that is told to stop before the last one must not pass
    for one that gives all back."""
    assert len(wrongs(f"{HELPERS}{OWN.format(inside=inside, behind=behind)}")) == lost
