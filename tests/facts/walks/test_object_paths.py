"""Two functions speak of one object only where both paths are told, and are the same."""

import pytest

from cocci_gen.code.graphs.operands import operand_of
from cocci_gen.facts.walks.object_paths import UNKNOWN, object_paths, roots, shown, walk_words

TEXT = """\
static struct info *INFO(const struct super_block *sb) { return (struct info *)sb->s_fs_info; }
static struct info *EITHER(const struct super_block *sb) { if (sb->flag) return sb->s_fs_info; return sb->other; }
static struct box *BOX(struct inode *inode) { return container_of(inode, struct box, vfs.inode); }
#define TABLE(dentry) (INFO((dentry)->d_sb)->table)
static int f(const struct dentry *d, struct inode *i, int n)
{
	struct info *info = NULL, *mixed;
	struct super_block *sb = READ_ONCE(d->d_parent)->d_sb;
	info = INFO(sb);
	mixed = n ? info : NULL;
	mixed = info;
	n = 1;
	return 0;
}
"""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("d->d_inode->i_sb->s_fs_info", "s_fs_info of the super block"),
        ("info->table[3]", "s_fs_info->table of the super block"),
        ("TABLE(d)", "s_fs_info->table of the super block"),
        ("&BOX(i)->name", "name of the structure around the inode"),
        ("BOX(i)->vfs", "vfs of the structure around the inode"),
        ("EITHER(sb)->table", ""),
        ("mixed->table", ""),
        ("unknown(sb)->table", ""),
        ("n", ""),
        ("a + b", ""),
    ],
)
def test_paths(facts_of, text, path):
    """Accessors, macros and locals are seen through; what may be two things is neither."""
    facts = facts_of({"fs/a.c": TEXT})
    (definition,) = facts.index.definitions("f")
    graph, paths = facts.index.graph(definition), object_paths(facts.index)
    known = paths.locals(graph, definition.path, roots(graph), range(len(graph.nodes)))
    found = paths.path(operand_of(text), known, definition.path)
    assert (shown(found) if found != UNKNOWN else "") == path


def test_the_structure_around_a_member_and_the_member_again(facts_of):
    """`BOX(inode)->vfs_inode` is the inode."""
    text = "static int g(struct inode *i) { return container_of(i, struct box, vfs_inode)->vfs_inode.i_private; }\n"
    paths = object_paths(facts_of({"fs/a.c": text}).index)
    operand = operand_of("container_of(i, struct box, vfs_inode)->vfs_inode.i_private")
    assert paths.path(operand, {"i": ("inode",)}, "fs/a.c") == ("inode", "i_private")


def test_words():
    """Every free says what it frees, and ->free_inode, which comes late, ends nothing."""
    words = walk_words()
    assert {"kfree", "kmem_cache_free"} <= words.frees.keys()
    assert "synchronize_rcu" in words.waits
    assert ("super_operations", "free_inode") not in words.ends
