"""References that a function counts by hand."""

import pytest

BEDS = """\
static void bed_put(struct bed *bed) { if (refcount_dec_and_test(&bed->users)) kfree(bed); }
static struct bed *bed_new(int n)
{
	struct bed *bed = kzalloc(n, 1);
	refcount_set(&bed->users, 1);
	return bed;
}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct bed *bed = dir->i_private;
	struct row *row = dir->i_row;

	BODY
	bed_put(bed);
	return 0;
}
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("refcount_inc(&bed->users); if (bed->n) return -EIO;", True),
        ("if (!refcount_inc_not_zero(&bed->users)) return -EIO;", False),
        ("if (!refcount_inc_not_zero(&bed->users)) return -EIO; if (bed->n) return -EINVAL;", True),
        ("refcount_inc(&bed->others); if (bed->n) return -EIO;", False),
        ("refcount_inc(&row->users); if (bed->n) return -EIO;", False),
    ],
    ids=["counted", "none left", "one left", "another count", "of another structure"],
)
def test_what_is_counted_by_hand_is_given_back(wrongs, body, told):
    """File systems count by `bed_get(bed)` in most places, and by hand in a loop that looks for one."""
    found = wrongs(BEDS.replace("BODY", body))
    assert any("with bed still referenced" in one for one in found) == told


def test_who_gives_none_back_counts_for_another(wrongs):
    """`refcount_inc(&bed->users); plot->bed = bed;`: whose it is does not say who counts."""
    text = BEDS.replace("BODY", "refcount_inc(&bed->users); if (bed->n) return -EIO;")
    assert not wrongs(text.replace("\tbed_put(bed);\n\treturn 0", "\treturn 0"))
