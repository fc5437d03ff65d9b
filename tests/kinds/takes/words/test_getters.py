"""The functions that hand back a pointer on which they have counted."""

import pytest

from cocci_gen.kinds.takes.words.getters import Known, getters_of

LOOP = """\
static struct bed *bed_find(int n)
{
	struct bed *bed;
	list_for_each_entry(bed, &beds, list)
		if (bed->n == n && refcount_inc_not_zero(&bed->users))
			return bed;
	return NULL;
}
"""
COPIED = """\
struct bed *bed_find(int n)
{
	struct bed *bed, *found = NULL;
	list_for_each_entry(bed, &beds, list)
		if (bed->n == n && refcount_inc_not_zero(&bed->users))
			found = bed;
	return found;
}
"""
HANDS_ON = """\
struct bed *bed_get(int n)
{
	struct bed *bed;
	bed = %s(n);
	if (n < 0)
		return ERR_PTR(-EIO);
	return %s;
}
"""
WANTED = "struct bed *bed_of(int n)\n{\n\tstruct bed *bed = look(n);\n%s\n\treturn bed;\n}\n"
ANEW = (HANDS_ON % ("bed_find", "bed")).replace("if (n < 0)", "bed = first(n);\n\tif (n < 0)")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(LOOP, {"bed_find"}, id="counts"),
        pytest.param(LOOP.replace("users", "others"), set(), id="another-count"),
        pytest.param(LOOP.replace("return NULL", "return first"), set(), id="at-times"),
        pytest.param(LOOP.replace("return bed;", "{ hash_add(bed); return bed; }"), set(), id="for-others"),
        pytest.param(LOOP.replace("*bed;", "*bed;\n\trefcount_set(&bed->users, 1);", 1), set(), id="maker"),
        pytest.param(LOOP.replace("struct bed *bed_find", "struct row *bed_find"), set(), id="another-structure"),
        pytest.param(COPIED, {"bed_find"}, id="copied"),
        pytest.param(COPIED.replace("found = NULL", "found = first(n)"), set(), id="copied-at-times"),
        pytest.param(LOOP + HANDS_ON % ("bed_find", "bed"), {"bed_find", "bed_get"}, id="handed-on"),
        pytest.param(LOOP + HANDS_ON % ("bed_find", "bed_find(n)"), {"bed_find", "bed_get"}, id="handed-on-at-once"),
        pytest.param(LOOP + HANDS_ON % ("bed_look", "bed"), {"bed_find"}, id="looked-at"),
        pytest.param(LOOP + ANEW, {"bed_find"}, id="set-anew"),
        pytest.param(WANTED % "\tif (n)\n\t\trefcount_inc(&bed->users);", set(), id="where-it-is-wanted"),
        pytest.param(WANTED % "\trefcount_inc(&bed->users);", {"bed_of"}, id="always"),
        pytest.param(WANTED % "\trefcount_inc(&bed->users);\n\tall->bed = bed;", set(), id="stored"),
        pytest.param(WANTED % "\trefcount_inc(&bed->users);\n\tbed->n = n;", {"bed_of"}, id="something else stored"),
        pytest.param(WANTED % "\tbed_hold(bed);", {"bed_of"}, id="held"),
        pytest.param(WANTED % "\tif (bed)\n\t\tbed_hold(bed);", {"bed_of"}, id="held where there is one"),
        pytest.param(WANTED % "\tif (n)\n\t\tbed_hold(bed);", set(), id="held at times"),
        pytest.param(
            WANTED.replace("return bed", "return bed_more(bed)") % "", {"bed_of"}, id="counted as it is returned"
        ),
        pytest.param(HANDS_ON % ("bed_new", "bed"), {"bed_get"}, id="made by another"),
        pytest.param(
            (HANDS_ON % ("bed_new", "bed")).replace("if (n", "all->bed = bed;\n\tif (n"), set(), id="made and stored"
        ),
        pytest.param(
            LOOP + (HANDS_ON % ("bed_find", "bed")).replace("if (n", "bed_put(bed);\n\tif (n"), {"bed_find"}, id="put"
        ),
    ],
)
def test_who_counts_what_it_hands_back(facts_of, text, found):
    """Nobody gives back what he does not know to be his: a getter with few users was none; one that only looks is none."""
    index = facts_of({"fs/a/a.c": text}).index
    known = Known(frozenset({"bed_put"}), frozenset({"bed_new"}), frozenset({"bed_hold"}), frozenset({"bed_more"}))
    assert getters_of("fs/a", "bed", "users", known, index) == found
