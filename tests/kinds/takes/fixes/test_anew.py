"""What a fix breaks that was whole before."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.kinds.takes.fixes.anew import newly_broken

CODE = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err = -EIO;

	if (!bh)
		return -EIO;
	mutex_lock(&dir->m);
	if (dir->i_size) {
		brelse(bh);
		return err;
	}
	err = 0;
	brelse(bh);
	mutex_unlock(&dir->m);
	return err;
}
static const struct inode_operations demo_ops = { .lookup = demo_lookup };
"""
EARLY = "\tif (dir->i_size) {\n\t\tbrelse(bh);\n\t\treturn err;\n\t}\n"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        pytest.param(
            "\t\tbrelse(bh);\n\t\treturn", "\t\tbrelse(bh);\n\t\tmutex_unlock(&dir->m);\n\t\treturn", "", id="right"
        ),
        pytest.param("\t\treturn err;\n\t}", "\t\tbrelse(bh);\n\t\treturn err;\n\t}", "buffer head bh", id="twice"),
        pytest.param("\terr = 0;\n\tbrelse(bh);\n", "\terr = 0;\n", "buffer head bh still", id="kept"),
        pytest.param(
            EARLY, f"\tspin_lock(&dir->s);\n{EARLY}\tspin_unlock(&dir->s);\n", "dir->s still", id="a lock that is new"
        ),
    ],
)
def test_what_the_mended_function_breaks(facts_of, old, new, wrong):
    """The duties that were broken before say nothing of it, and a fix that frees twice would pass."""
    facts = facts_of({"fs/a.c": CODE}, methods=("lookup",))
    (definition,) = facts.index.definitions("demo_lookup")
    before = facts.index.text_of(definition)
    after = before.replace(old.encode(), new.encode(), 1)
    line = definition.span.line
    found = newly_broken(definition, (graph_of(before, line), before), (graph_of(after, line), after), facts)

    assert before != after
    assert (wrong in " ".join(found)) if wrong else not found
