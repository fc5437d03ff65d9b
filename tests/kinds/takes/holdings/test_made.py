"""What is given back by what was made from it."""

import pytest

TEXT = """\
static struct bed *BED_I(struct inode *inode) {{ return container_of(inode, struct bed, vfs_inode); }}
static struct inode *VFS_I(struct bed *bed) {{ return &bed->{member}; }}
static void put(struct bed *bed) {{ {puts} }}
static void drop(struct super_block *sb, struct bed *bed) {{ if (sb->dirty) wait(sb); put(bed); }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct inode *inode = igrab(dir);
	if (!inode)
		return -EIO;
	if (look(dir)) {{
		drop(dir->i_sb, BED_I(inode));
		return -EIO;
	}}
	iput(inode);
	return 0;
}}
"""
KEPT = ["demo_lookup() fails with inode still referenced"]


@pytest.mark.parametrize(
    ("puts", "member", "kept"),
    [
        ("iput(VFS_I(bed));", "vfs_inode", []),
        ("iput(&bed->vfs_inode);", "vfs_inode", []),
        ("iput(VFS_I(bed));", "other", KEPT),
        ("iput(&bed->other);", "vfs_inode", KEPT),
        ("if (bed->n) iput(VFS_I(bed));", "vfs_inode", KEPT),
        ("bed = next(bed); iput(VFS_I(bed));", "vfs_inode", KEPT),
        ("look(VFS_I(bed));", "vfs_inode", KEPT),
    ],
)
def test_two_accessors_that_lead_back_and_forth_name_one_thing(wrongs, puts, member, kept):
    """xfs drops an inode by what is around it.  By another member, on some ways alone or of another one that is no release."""
    assert wrongs(TEXT.format(puts=puts, member=member)) == kept
