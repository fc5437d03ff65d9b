"""One way keeps what others hand on."""

import pytest

HEAD = """\
struct page *find_get_page(struct address_space *mapping, int n);
static void put_page(struct page *page) {{ page->n--; }}
static {type} demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct page *page = find_get_page(dir->i_mapping, 1);

	if (!page)
		return {no};
	{body}
}}
"""
ON = "if (dir->keep) { dir->i_private = page; return %s; }"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"if (dir->n) return 0; {ON % 0} put_page(page); return 0;", True),
        (f"if (dir->n) return 0; {ON % 0} put_page(page); return -EIO;", False),
        (f"if (dir->n) return 0; if (dir->m) return 1; {ON % 0} put_page(page); return 0;", False),
        (f"dir->i_private = page; if (dir->n) return 0; {ON % 0} put_page(page); return 0;", False),
        (f"if (dir->n) goto out; put_page(page); out: {ON % 0} return 0;", False),
    ],
    ids=["kept", "given back by failures alone", "kept twice", "told", "asked around the release"],
)
def test_one_way_that_does_well_forgets_what_others_give_back_or_away(wrongs, body, told):
    """A success that keeps a page is no less a leak where another way puts it into a cache, if nobody has heard of it by then."""
    found = wrongs(HEAD.format(type="int", no=0, body=body))
    assert any("returns with page still referenced, on this way alone" in one for one in found) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            f"if (dir->n) return false; if (dir->m) {{ put_page(page); return false; }} {ON % 'true'} return true;",
            False,
        ),
        (
            "if (dir->n) return false; if (dir->m) { put_page(page); return false; } dir->i_private = page; return true;",
            True,
        ),
        ("if (dir->n) return false; dir->i_private = page; return true;", False),
        (
            "if (dir->n) return true; if (dir->m) { put_page(page); return false; } dir->i_private = page; return true;",
            False,
        ),
    ],
    ids=["kept by yes", "kept by no", "never given back", "kept by a yes"],
)
def test_who_answers_no_gives_back_what_his_yes_hands_on(wrongs, body, told):
    """`return false` is the failure of those who answer yes or no: nothing of what they took may be left."""
    found = wrongs(HEAD.format(type="bool", no="false", body=body))
    assert any("still referenced, which other ways give back" in one for one in found) == told


def test_who_returns_nothing_where_others_hand_out_something_else_has_forgotten_it(wrongs):
    """A scratch page of a function that returns a pointer is lost where it returns NULL, if it gives the page back elsewhere."""
    text = """\
struct page *find_get_page(struct address_space *mapping, int n);
static void put_page(struct page *page) { page->n--; }
static struct dentry *demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct page *page = find_get_page(dir->i_mapping, 1);

	if (!page)
		return dentry;
	if (dir->n)
		return NULL;
	put_page(page);
	return dentry;
}
"""
    assert any("returns with page still referenced, on this way alone" in one for one in wrongs(text))
    assert not wrongs(text.replace("put_page(page);\n\treturn dentry", "dir->i_private = page;\n\treturn dentry"))
