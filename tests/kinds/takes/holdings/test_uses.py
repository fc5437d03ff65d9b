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
        ("box_of(dentry)->at = parent; dput(parent);", "err = parent->d_flags;", []),
        ("err = parent->d_flags;", "dput(parent);", []),
    ],
    ids=["member", "callee", "behind a test", "asks first", "compares", "told", "compared", "anew", "stored", "sound"],
)
def test_nobody_looks_into_what_is_gone(wrongs, put, then, wrong):
    """To use what has been put was no fault at all; where somebody else may have it, or only its address is used, it is none."""
    assert wrongs(HEAD + BODY.format(taking="dget_parent", put=put, then=then), "find") == wrong


@pytest.mark.parametrize(("between", "told"), [("", "moderate"), ("store_it(parent); ", "low")])
def test_what_a_call_does_with_it_may_not_be_seen(findings_in, between, told):
    """Who puts a thing says that he is done with it, whatever a call ahead of that may have kept: it was silent there."""
    body = BODY.format(taking="dget_parent", put=f"{between}dput(parent);", then="err = parent->d_flags;")
    assert [one.confidence.value for one in findings_in(HEAD + body, "find")] == [told]


@pytest.mark.parametrize(
    ("again", "told"),
    [("brelse(bh); ", []), ("", ["find() puts another buffer head into bh, where one is still referenced"])],
)
def test_another_one_in_its_place(wrongs, again, told):
    """A way back to the look-up keeps what that gave: where all ways to a return give one back, nobody looked for that."""
    body = f"again:\n\tbh = sb_bread(dir->i_sb, 1);\n\tif (!bh)\n\t\treturn 1;\n\tif (dir->n) {{\n\t\t{again}goto again;\n\t}}"
    code = (
        f"static int find(struct inode *dir)\n{{\n\tstruct buffer_head *bh;\n\n{body}\n\tbrelse(bh);\n\treturn 0;\n}}\n"
    )
    use = "static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{\n\treturn find(dir);\n}\n"
    assert wrongs(code + use, "find") == told


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


INTO = """\
struct buffer_head *sb_bread(struct super_block *sb, int n);
static int sum(char *text) {{ return text[0] + text[1]; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	char *text = dir->i_data;
	int err = 0;

	if (!bh)
		return -EIO;
	{into}
	brelse(bh);
	{then}
	return err;
}}
"""
LOOKED = ["demo_lookup() looks into buffer head bh, which it has given back"]


@pytest.mark.parametrize(
    ("into", "then", "wrong"),
    [
        ("text = bh->b_data;", "err = sum(text);", LOOKED),
        ("text = (char *)bh->b_data + 4;", "err = sum(text);", LOOKED),
        ("text = (char *)(bh->b_data + 4);", "err = text->first;", LOOKED),
        ("text = &bh->b_state;", "err = sum(text);", LOOKED),
        ("text = bh->b_data;", "text = dir->i_data; err = sum(text);", []),
        ("err = sum(bh->b_data);", "err += sum(text);", []),
        ("text = bh->b_private;", "err = sum(text);", []),
        ("text = bh->b_data;", "kfree(text);", []),
        ("text = bh->b_data;", 'pr_err("%p", text);', []),
        ("text = bh->b_data; err = sum(text);", "", []),
    ],
    ids=["data", "behind it", "member", "address", "anew", "elsewhere", "another's", "freed", "told", "sound"],
)
def test_what_points_into_it_is_gone_with_it(wrongs, into, then, wrong):
    """Who keeps a pointer to the data of a buffer reads what has become somebody else's; what it only leads to stays."""
    assert wrongs(INTO.format(into=into, then=then), "demo_lookup") == wrong


@pytest.mark.parametrize(
    ("then", "wrong"),
    [("inode_unlock(other);", ["demo_lookup() looks into inode other, which it has given back"]), ("", [])],
    ids=["behind it", "ahead"],
)
def test_lock_of_what_is_gone(wrongs, then, wrong):
    """A lock is a part of what has it."""
    ahead = "" if then else "inode_unlock(other);"
    code = f"""\
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct inode *other = ilookup(dir->i_sb, 1);

	if (!other)
		return -EIO;
	inode_lock(other);
	{ahead}
	iput(other);
	{then}
	return 0;
}}
"""
    assert wrongs(code, "demo_lookup") == wrong
