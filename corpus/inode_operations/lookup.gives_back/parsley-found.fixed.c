// SPDX-License-Identifier: GPL-2.0-only
/// What is done behind the label of those that find something is no part of what a failing return owes, whoever ends it.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head { char *b_data; };
struct buffer_head *sb_bread(struct super_block *sb, unsigned long block);
void brelse(struct buffer_head *bh);
struct inode *parsley_find(struct super_block *sb, struct buffer_head *bh, struct dentry *dentry);
void parsley_note(struct inode *dir);
void d_add(struct dentry *dentry, struct inode *inode);

static struct dentry *parsley_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = NULL;
	struct buffer_head *bh, *leaf;
	int i;

	bh = sb_bread(dir->i_sb, 1);
	if (!bh)
		return ERR_PTR(-EIO);
	for (i = 0; i < 8; i++) {
		leaf = sb_bread(dir->i_sb, bh->b_data[i]);
		if (!leaf) {
			brelse(bh);
			return ERR_PTR(-EIO);
		}
		inode = parsley_find(dir->i_sb, leaf, dentry);
		brelse(leaf);
		if (inode)
			goto found;
	}
found:
	brelse(bh);
	parsley_note(dir);
	d_add(dentry, inode);
	return NULL;
}

const struct inode_operations parsley_iops = {
	.lookup = parsley_lookup,
};
