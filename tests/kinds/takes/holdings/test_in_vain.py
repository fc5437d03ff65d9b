"""What is given back where a name holds nothing."""

import pytest

BODY = """\
struct page *find_lock_page(struct address_space *mapping, int n);
struct page *read_mapping_page(struct address_space *mapping, int n, void *data);
struct page *find_get_page(struct address_space *mapping, int n);
static void put_page(struct page *page) {{ page->n--; }}
static void dput(struct dentry *dentry) {{ if (dentry) dentry->n--; }}
static void iput(struct inode *inode) {{ if (IS_ERR_OR_NULL(inode)) return; inode->n--; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct {type} *it = {taking};
	int err = 0;

	if ({test}) {{
		err = -EIO;
		{then}goto out;
	}}
	err = more(dir);
out:
	{put}(it);
	return err;
}}
"""
PAGE = "read_mapping_page(dir->i_mapping, 1, 0)"


@pytest.mark.parametrize(
    ("kind", "taking", "test", "then", "put", "told"),
    [
        ("page", PAGE, "IS_ERR(it)", "", "put_page", "an error pointer"),
        ("dentry", "lookup_one_len(0, dentry, 1)", "IS_ERR(it)", "", "dput", "an error pointer"),
        ("page", "find_get_page(dir->i_mapping, 1)", "!it", "", "put_page", "NULL"),
        ("page", PAGE, "IS_ERR(it)", "it = 0; ", "no_page", ""),
        ("dentry", "lookup_one_len(0, dentry, 1)", "IS_ERR(it)", "it = 0; ", "dput", ""),
        ("dentry", "d_lookup(dentry, 1)", "!it", "", "dput", ""),
        ("inode", "ilookup(dir->i_sb, 1)", "IS_ERR(it)", "", "iput", ""),
        ("page", PAGE, "dir->n", "", "put_page", ""),
    ],
    ids=["error", "asks for NULL alone", "NULL", "other", "cleared", "allows NULL", "allows errors", "not asked"],
)
def test_nobody_gives_back_what_is_not_there(wrongs, kind, taking, test, then, put, told):
    """A jump to a label that is one too far puts an error pointer, which looks into the last page of all memory."""
    found = wrongs(BODY.format(type=kind, taking=taking, test=test, then=then, put=put))
    assert [one for one in found if " there" in one] == (
        [f"demo_lookup() calls {put}() for {kind} it, which is {told} there"] if told else []
    )


BEGUN = """\
struct page *find_get_page(struct address_space *mapping, int n);
static void put_page(struct page *page) {{ page->n--; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct page *it = 0;

	if ({first})
		it = find_get_page(dir->i_mapping, 1);
	{test}
	if (dir->n)
		put_page(it);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("first", "test", "told"),
    [
        ("1", "if (!it) more(dir);", 1),
        ("dir->n % 4", "if (it) more(dir);", 0),
        ("1", "", 0),
    ],
    ids=["found out", "begun with NULL", "never asked"],
)
def test_what_nobody_has_found_out_may_be_told_by_other_means(wrongs, first, test, told):
    """The first round of a loop reads the first page, whatever it asks for: it was told that the page of no round is put."""
    assert len([one for one in wrongs(BEGUN.format(first=first, test=test)) if " there" in one]) == told


MEMBER = """\
struct page *read_mapping_page(struct address_space *mapping, int n, void *data);
static void put_page(struct page *page) {{ page->n--; }}
static void put_none(struct place *place) {{ if (!place->page) return; }}
struct place {{ struct page *page; int n; }};
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct place to = {{ .n = 1 }};
	int err = 0;

	to.page = read_mapping_page(dir->i_mapping, 1, 0);
	if (IS_ERR(to.page)) {{
		err = PTR_ERR(to.page);
		{then}
		goto out;
	}}
	err = more(dir);
out:
	note(dir);
	put_page(to.page);
	return err;
}}
"""


@pytest.mark.parametrize(
    ("then", "told"), [("note(dentry);", 1), ("to.page = 0;", 0), ("clear(&to);", 0)], ids=["kept", "cleared", "given"]
)
def test_a_member_holds_an_error_until_it_is_set(wrongs, then, told):
    """Any call made it forgotten that a member of a structure of one's own holds an error pointer."""
    assert sum("is an error pointer there" in one for one in wrongs(MEMBER.format(then=then))) == told
