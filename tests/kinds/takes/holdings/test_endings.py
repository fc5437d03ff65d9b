"""What ends a thing that it is given, though it asks first."""

import pytest

PUTS = """\
static void bed_put(struct bed *bed) {{ if (refcount_dec_and_test(&bed->users)) kfree(bed); }}
static struct bed *bed_new(int n)
{{
	struct bed *bed = kzalloc(n, 1);
	refcount_set(&bed->users, 1);
	return bed;
}}
static void bed_wave(struct bed *bed)
{{
	{ends}
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct bed *bed = bed_new(1);
	if (!bed)
		return -ENOMEM;
	bed_wave(bed);
	return -EIO;
}}
"""


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("if (WARN_ON(bed->linked))\n\t\treturn;\n\tbed_put(bed);", False),
        ("if (!bed)\n\t\treturn;\n\tif (WARN_ON_ONCE(bed->linked))\n\t\treturn;\n\tbed_put(bed);", False),
        ("if (bed->linked)\n\t\treturn;\n\tbed_put(bed);", True),
        ("if (WARN_ON(bed->linked))\n\t\treturn;\n\tif (bed->n)\n\t\tbed_put(bed);", True),
    ],
    ids=["warns", "where there is one", "asks", "warns and asks"],
)
def test_what_is_warned_of_is_not_to_be(wrongs, ends, told):
    """`if (WARN_ON(bed->linked)) return;` leaves the bed to nobody, and says so: who calls it was told to give back twice."""
    found = wrongs(PUTS.format(ends=ends))
    assert any("demo_lookup() fails with bed still referenced" in one for one in found) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [("bed_put(bed); bed_put(bed); return -EIO;", True), ("bed_more(bed); return -EIO;", False)],
    ids=["itself", "a helper"],
)
def test_what_a_helper_gives_back_at_two_places_may_be_counted_for_both(wrongs, body, told):
    """A list of the helper's may have held the one: which of two is too many is for the helper to say."""
    more = "static void bed_more(struct bed *bed) { if (bed->linked) bed_put(bed); bed_put(bed); }\n"
    text = PUTS.format(ends="bed_put(bed);").replace("static int demo", f"{more}static int demo")
    found = wrongs(text.replace("bed_wave(bed);\n\treturn -EIO;", body))
    assert any("which it has done already" in one for one in found) == told
