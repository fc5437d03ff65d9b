"""What looks into a thing that has been given back."""

import pytest

HEAD = """\
struct dentry *dget_parent(struct dentry *dentry);
static int size(struct dentry *dentry) { return deeper(dentry); }
static int deeper(struct dentry *dentry) { return dentry->d_inode != 0; }
static int asks(struct dentry *dentry, int n) { if (n) return dentry->d_inode != 0; return 0; }
static int known(struct dentry *dentry) { return dentry == 0; }
"""
BODY = """\
static int find(struct dentry *dentry, int n)
{{
	struct dentry *parent = {taking}(dentry), *other = dentry;
	int err = read_it(dentry);

	{put}
	{then}
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return find(dentry, 1);
}}
"""
GONE = ["find() looks into dentry parent, which it has given back"]


@pytest.mark.parametrize(
    ("put", "then", "wrong"),
    [
        ("dput(parent);", "err = parent->d_flags;", GONE),
        ("dput(parent);", "err = size(parent);", GONE),
        ("dput(parent);", "if (n) err = parent->d_inode->i_size;", GONE),
        ("dput(parent);", "err = asks(parent, n);", []),
        ("dput(parent);", "err = known(parent);", []),
        ("dput(parent);", 'printk("%p", parent);', []),
        ("dput(parent);", "err = parent == other;", []),
        ("dput(parent);", "parent = other; err = parent->d_flags;", []),
        ("store_it(parent); dput(parent);", "err = parent->d_flags;", []),
        ("err = parent->d_flags;", "dput(parent);", []),
    ],
    ids=["member", "callee", "behind a test", "asks first", "compares", "told", "compared", "anew", "stored", "sound"],
)
def test_nobody_looks_into_what_is_gone(wrongs, put, then, wrong):
    """To use what has been put was no fault at all; where somebody else may have it, or only its address is used, it is none."""
    assert wrongs(HEAD + BODY.format(taking="dget_parent", put=put, then=then), "find") == wrong


LOCKED = """\
struct page *find_lock_page(struct address_space *mapping, int n);
static int marks(struct page *page) { return page->flags != 0; }
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct page *page = find_lock_page(dir->i_mapping, 1);
	int err;

	if (!page)
		return -ENOMEM;
	unlock_page(page);
	err = marks(page);
	put_page(page);
	return err;
}
"""


def test_what_is_only_unlocked_is_still_there(wrongs):
    """Who unlocks a page keeps his reference to it: a look behind that was told as one into what is gone."""
    assert wrongs(LOCKED) == []
