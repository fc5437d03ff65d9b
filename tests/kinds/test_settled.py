"""A helper that was looked at and found right is written down, with what leads to it and what it does."""

from dataclasses import replace

from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.settled import settled_helpers

CODE = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int nest_count(struct super_block *sb) { return sb->s_flags; }
static int nest_read(struct super_block *sb)
{
	struct buffer_head *bh = sb_bread(sb, 1);

	if (!bh)
		return -EIO;
	brelse(bh);
	return nest_count(sb);
}
static int nest_leak(struct super_block *sb)
{
	struct buffer_head *bh = sb_bread(sb, 1);

	if (!bh)
		return -EIO;
	if (!nest_count(sb))
		return -EINVAL;
	brelse(bh);
	return 0;
}
static int nest_lookup(struct inode *dir, struct dentry *dentry)
{
	return nest_leak(dir->i_sb) ? -EIO : nest_read(dir->i_sb);
}
static const struct inode_operations nest_ops = { .lookup = nest_lookup };
"""


def test_who_is_settled_as_a_helper_is_written_down(facts_of, make_obligation):
    """ "Nothing binds it" would be said of a function that was looked at, and nobody could tell it from one that was not."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": CODE}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    duties, missing = rule.duties(obligation, facts)
    found = {one.function: one for one in settled_helpers(facts.index)}

    assert ["nest_leak"] == [duty.definition.name for duty in duties]
    assert not missing
    assert {"nest_count", "nest_read"} == found.keys()
    assert "it gives buffer bh of line 5 back on the ways that were followed" == found["nest_read"].reason
    assert ("nest_lookup() calls nest_read()",) == found["nest_read"].through
    assert "the rule knows of nothing that it takes" == found["nest_count"].reason
    assert ("fs/a.c", 3, obligation.id) == (
        found["nest_read"].path,
        found["nest_read"].line,
        found["nest_read"].obligation,
    )
