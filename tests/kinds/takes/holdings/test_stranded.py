"""The one reference to what is locked is given back: nobody unlocks it behind that."""

import pytest

BODY = """\
struct page *find_lock_page(struct address_space *mapping, int n);
struct page *find_get_page(struct address_space *mapping, int n);
static void put_page(struct page *page) {{ page->n--; }}
static void get_page(struct page *page) {{ page->n++; }}
static void lock_page(struct page *page) {{ page->l++; }}
static void unlock_page(struct page *page) {{ page->l--; }}
static int tell(struct page *page, struct inode *dir) {{ dir->i_private = page; return 0; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct page *page;

again:
	{taking}
	if (!page)
		return 0;
	{between}
	if (dir->n) {{
		put_page(page);
		{then}
	}}
	unlock_page(page);
	put_page(page);
	return 0;
}}
"""
LOCKED = "page = find_lock_page(dir->i_mapping, 1);"


@pytest.mark.parametrize(
    ("taking", "between", "then", "told"),
    [
        (LOCKED, "", "goto again;", True),
        ("page = find_get_page(dir->i_mapping, 1);", "lock_page(page);", "goto again;", True),
        (LOCKED, "get_page(page);", "goto again;", False),
        (LOCKED, "", "unlock_page(page); goto again;", False),
        (LOCKED, "tell(page, dir);", "goto again;", False),
        (LOCKED, "", "return -EIO;", False),
        ("page = dir->i_private; lock_page(page);", "", "goto again;", False),
    ],
    ids=["locked", "locked later", "counted once more", "unlocked behind", "told others", "fails", "another's"],
)
def test_who_drops_what_he_has_locked_leaves_the_lock_to_nobody(wrongs, taking, between, then, told):
    """The next one who wants the page waits for ever; a second reference, or who else knows of it, may still unlock it."""
    found = wrongs(BODY.format(taking=taking, between=between, then=then))
    assert ("demo_lookup() drops its reference to page, which is still locked" in found) == told
