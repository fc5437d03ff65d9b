"""What all others give back that get it, and one function nowhere."""

import pytest

BEDS = """\
static void bed_put(struct bed *bed) {{ if (refcount_dec_and_test(&bed->users)) kfree(bed); }}
static struct bed *bed_find(int n)
{{
	struct bed *bed = all->first;
	if (refcount_inc_not_zero(&bed->users))
		return bed;
	return NULL;
}}
{others}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct bed *bed = bed_find(1);
	if (!bed)
		return -ENOMEM;
	{body}
}}
"""
OTHER = "static int other{n}(int a)\n{{\n\tstruct bed *bed = bed_find(a);\n\tif (!bed)\n\t\treturn 0;\n\t{end}\n\treturn a;\n}}\n"
KEEPS = "if (dir->n)\n\t\treturn -EIO;\n\treturn 0;"


@pytest.mark.parametrize(
    ("ends", "body", "told"),
    [
        (["bed_put(bed);"] * 3, KEEPS, True),
        (["bed_put(bed);", "a = bed->n;", "a = bed->m;"], KEEPS, False),
        (["bed_put(bed);"] * 3, f"dir->i_private = bed;\n\t{KEEPS}", False),
    ],
    ids=["nowhere", "others neither", "told others"],
)
def test_what_all_others_give_back_is_given_back(wrongs, ends, body, told):
    """Where the one release of a function is forgotten, no other way of it says that there has to be one."""
    others = "".join(OTHER.format(n=n, end=end) for n, end in enumerate(ends))
    found = wrongs(BEDS.format(others=others, body=body))
    assert any("demo_lookup() fails with bed still referenced" in one for one in found) == told


SUBMITS = """\
static void bed_put(struct bed *bed) {{ if (refcount_dec_and_test(&bed->users)) kfree(bed); }}
static struct bed *bed_alloc(int n)
{{
	struct bed *bed = kzalloc(n, 1);
	if (bed)
		refcount_set(&bed->users, 1);
	return bed;
}}
static int bed_submit(struct bed *bed)
{{
	bed_insert_row(bed);
	bed_put(bed);
	return all->n;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct bed *bed = bed_alloc(1);
	int err;

	if (!bed)
		return -ENOMEM;
	err = bed_submit(bed);
	if (err)
		return -EIO;
	{end}
	return 0;
}}
"""


@pytest.mark.parametrize(("end", "told"), [("bed_put(bed);", True), ("", False)], ids=["behind it", "nowhere"])
def test_what_a_call_always_gives_back_was_another_one_where_the_function_does_so_behind_it(wrongs, end, told):
    """ceph_mdsc_do_request() drops a reference that it has registered by what nobody sees; its callers drop theirs."""
    assert (
        any("demo_lookup() fails with bed still referenced" in one for one in wrongs(SUBMITS.format(end=end))) == told
    )
