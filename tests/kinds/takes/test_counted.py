"""What is told of references that a file system counts itself, and what is not."""

import pytest

from cocci_gen.findings.findings import Confidence

COUNTS = """\
struct bed *bed_new(int a)
{
	struct bed *bed = kzalloc(8, 1);
	refcount_set(&bed->users, 1);
	return bed;
}
void bed_put(struct bed *bed)
{
	if (refcount_dec_and_test(&bed->users))
		kfree(bed);
}
struct bed *bed_get(struct bed *bed)
{
	refcount_inc(&bed->users);
	return bed;
}
struct bed *last_bed;
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct bed *bed%s;
	int err = 0;

	%s
	return err;
}
"""


@pytest.mark.parametrize(
    ("got", "body", "told"),
    [
        (" = bed_new(1)", "err = plant(dir);\n\tif (err < 0)\n\t\treturn err;\n\tbed_put(bed);", ["fails"]),
        (" = bed_new(1)", "err = plant(dir);\n\tif (err < 0)\n\t\tlast_bed = bed;\n\telse\n\t\tbed_put(bed);", []),
        (" = bed_get(dir->i_private)", "err = plant(dir);\n\tif (err < 0)\n\t\tbed_put(bed);", []),
        ("", "last_bed = bed_new(1);\n\terr = plant(dir);", []),
        (" = bed_new(1)", "bed_put(bed);\n\tbed_put(bed);", ["has done already"]),
        (" = bed_get(dir->i_private)", "bed_put(bed);\n\tbed_put(bed);", []),
        (" = bed_new(1)", "bed_put(bed);\n\terr = bed->users.refs;", ["looks into"]),
        (" = bed_get(dir->i_private)", "bed_put(bed);\n\terr = bed->users.refs;", []),
        (" = bed_get(dir->i_private)", "if (plant(dir)) {\n\t\tbed_put(bed);\n\t\treturn 1;\n\t}", []),
    ],
    ids=[
        "kept by a failure",
        "put where others find it",
        "counted for who stays",
        "made for where others find it",
        "put twice",
        "put for others too",
        "looked into once it is gone",
        "looked into while others have it",
        "kept by the one way that goes well",
    ],
)
def test_counted(wrongs, got, body, told):
    """A put too many of what others count as well, or of what stays counted, would be told of code that is right."""
    found = wrongs(COUNTS % (got, body))
    assert len(found) == len(told)
    assert all(words in one for words, one in zip(told, found, strict=True))


LOOP = """\
	struct box *first = box_copy(dir), *one;
	if (IS_ERR(first))
		%s
	for (one = first; one; one = box_next(one)) {
		one->bed = bed;
	}
	err = plant(dir);
	if (err < 0)
		return err;
	bed_put(bed);"""
PUT = "{\n\t\tbed_put(bed);\n\t\treturn -EIO;\n\t}"


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("err = plant(dir);\n\tif (err < 0)\n\t\treturn err;\n\tlast_bed = bed;", Confidence.MODERATE),
        ("err = plant(dir);\n\tif (err < 0)\n\t\treturn err;\n\tbed_put(bed);", Confidence.HIGH),
        (LOOP % PUT, Confidence.LOW),
    ],
    ids=["given back nowhere", "given back elsewhere", "a copy of what was asked for an error"],
)
def test_sure(findings_in, body, sure):
    """Who never gives one back may leave that to others; what is no error is hardly NULL under the name of a copy."""
    assert {one.confidence for one in findings_in(COUNTS % (" = bed_new(1)", body))} == {sure}


FINDS = """\
int bed_find(struct inode *dir, struct bed **out)
{{
	struct bed *bed = bed_new(1);
	if (!bed)
		return -ENOMEM;
	if (dir->i_nlink)
		{keep};
	*out = bed;
	return 0;
}}
"""


@pytest.mark.parametrize(("keep", "told"), [("bed->part = 1", 1), ("beds_keep(dir, bed)", 0)], ids=["clear", "likely"])
def test_filled(wrongs, keep, told):
    """What a callee puts where it is told may be counted for others, if it keeps it as well."""
    text = COUNTS % (
        "",
        "err = bed_find(dir, &bed);\n\tif (err)\n\t\treturn err;\n\tif (plant(dir))\n\t\treturn -EIO;\n\tbed_put(bed);",
    )
    assert len(wrongs(FINDS.format(keep=keep) + text)) == told


PAIRS = """\
struct rows *rows_alloc(int a)
{{
	return kzalloc(a, 1);
}}
void rows_free(struct rows *rows)
{{
	kfree(rows);
}}
int rows_count(struct inode *dir, struct rows *rows)
{{
	return dir->i_nlink;
}}
int sow(struct inode *dir)
{{
	struct rows *rows = rows_alloc(1);
	int err = rows_fill(dir, rows);
	rows_free(rows);
	return err;
}}
int reap(struct inode *dir)
{{
	struct rows *rows = rows_alloc(2);
	int err = rows_fill(dir, rows);
	rows_free(rows);
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct rows *rows{got};
	int err = rows_{fill}(dir, rows);

	{body}
	return err;
}}
"""
RETURNS = "if (err < 0)\n\t\treturn err;\n\trows_free(rows);"
ASKS = "if (dir->i_nlink)\n\t\trows_free(rows);"


@pytest.mark.parametrize(
    ("fill", "body", "sure"),
    [
        ("count", RETURNS, {Confidence.HIGH}),
        ("fill", RETURNS, {Confidence.MODERATE}),
        ("count", "err = -EIO;\n\t" + ASKS, {Confidence.MODERATE}),
        (
            "count",
            f"{RETURNS}\n\tif (!err)\n\t\treturn 0;".replace("\trows_free", "\tif (err)\n\t\trows_free"),
            set(),
        ),
        ("count", "if (err)\n\t\trows = NULL;\n\tif (rows)\n\t\trows_free(rows);", {Confidence.HIGH}),
        ("fill", "if (err)\n\t\trows = NULL;\n\tif (rows)\n\t\trows_free(rows);", set()),
        ("fill", "rows_free(rows);", set()),
        ("fill", "dir->i_private = rows;", set()),
    ],
    ids=[
        "by a way that fails",
        "behind one that is not seen through",
        "by what a test says",
        "by success too",
        "whose name is cleared",
        "who was given it may have it",
        "on no way",
        "by whom it is left to",
    ],
)
def test_pairs(findings_in, fill, body, sure):
    """Who gets one gives it back, and leaves it to nobody who is given it; what a test decides may be whether there is one."""
    text = PAIRS.format(got=" = rows_alloc(3)", fill=fill, body=body)
    assert {one.confidence for one in findings_in(text)} == sure


def test_kept_by_success(looked_at):
    """What is silent of a way that fails, as one that does not keeps it too, is told of that one: it may be a leak on both."""
    body = f"{RETURNS}\n\tif (!err)\n\t\treturn 0;".replace("\trows_free", "\tif (err)\n\t\trows_free")
    _, told = looked_at(PAIRS.format(got=" = rows_alloc(3)", fill="count", body=body))
    assert [one.reason for one in told] == [
        "a way to this return keeps rows referenced, and whether it may cannot be seen"
    ]


def test_one_way_by_which_it_is_lent(findings_in):
    """The one way that keeps it, and hands it to who is not seen through, may leave it there."""
    body = "if (err < 0) {{\n\t\trows_free(rows);\n\t\treturn err;\n\t}}\n\terr = rows_{last}(dir, rows);\n\treturn 1;"
    for last, number in (("send", 0), ("count", 1)):
        text = PAIRS.format(got=" = rows_alloc(3)", fill="count", body=body.format(last=last))
        assert len(findings_in(text)) == number


@pytest.mark.parametrize(
    ("name", "freed", "told"),
    [
        ("bed_free", "call_rcu(&bed->rcu, bed_freed)", False),
        ("bed_look", "call_rcu(&bed->rcu, bed_freed)", True),
        ("bed_free", "call_rcu(&dir->rcu, dir_freed)", True),
        ("bed_free", "note(dir)", True),
    ],
)
def test_what_is_freed_once_nobody_reads_it_is_gone(wrongs, name, freed, told):
    """Who throws a new one away before anybody saw it calls what has it freed later, and no put."""
    ends = f"void {name}(struct inode *dir, struct bed *bed)\n{{\n\t{freed};\n}}\n"
    body = f"if (dir->i_nlink) {{\n\t\t{name}(dir, bed);\n\t\treturn -EIO;\n\t}}\n\tbed_put(bed);"
    assert bool(wrongs(ends + COUNTS % (" = bed_new(1)", body))) is told
