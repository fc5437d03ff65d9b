"""Tests for a method that every table has: a way on which it is missing makes a finding that nobody can meet."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

CODE = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
struct box_ops { int (*dig)(int n); int (*fill)(int n); };
struct box { %s; };
static int dig(int n) { return n; }
static int box_unlink(struct inode *dir, struct dentry *dentry)
{
	struct box *box = dir->i_private;
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	if (!bh) return -EIO;
	if (%s) return -ENOSYS;
	brelse(bh);
	return 0;
}
static const struct inode_operations box_iops = { .unlink = box_unlink };
"""
POINTS = "const struct box_ops *ops"
WET, DRY = (
    "extern struct box_ops wet;\nextern const struct box_ops dry;\nstatic const struct box_ops wet = { .dig = dig };\n",
    "static const struct box_ops dry = { .dig = dig };\n",
)


@pytest.mark.parametrize(
    ("declared", "test", "more", "confidence"),
    [
        pytest.param(POINTS, "!box->ops->dig", "", "low", id="all-have-it"),
        pytest.param(POINTS, "box->ops->dig", "", "high", id="asked-the-other-way"),
        pytest.param(POINTS, "!box->ops->fill", "", "high", id="none-has-it"),
        pytest.param(
            POINTS, "!box->ops->dig", "static struct box_ops bare = { .fill = dig };\n", "high", id="one-lacks-it"
        ),
        pytest.param(
            POINTS, "!box->ops->dig", "static struct box_ops many[] = { { .fill = dig } };\n", "high", id="an-array"
        ),
        pytest.param(
            POINTS,
            "!box->ops->dig",
            "static struct box_ops late __ro_after_init = { .fill = dig };\n",
            "high",
            id="late",
        ),
        pytest.param(POINTS, "!box->ops->dig", "static struct box_ops set;\n", "high", id="set-by-steps"),
        pytest.param("const struct other_ops *ops", "!box->ops->dig", "", "high", id="another-structure"),
    ],
)
def test_a_method_that_every_table_has_is_never_missing(facts_of, make_obligation, declared, test, more, confidence):
    """A function that asks whether `ops->dig` is there fails by it nowhere, where each of the tables has one."""
    facts = facts_of({"fs/box/a.c": CODE % (declared, test) + more, "fs/box/b.c": WET + DRY})
    rule = RULES["gives_back"][0]
    (duty,) = rule.duties(replace(make_obligation("unlink", "gives_back"), struct="inode_operations"), facts)[0]
    (line,) = {place.lines[0] for place in rule.places(duty)}
    (suspect,) = rule.judge(duty, [line], "")
    assert suspect.finding.confidence == confidence
