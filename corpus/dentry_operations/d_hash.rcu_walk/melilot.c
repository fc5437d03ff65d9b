// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the directory is tested before it is looked into, and the root of the superblock is held by it.
// Kernel: 6.8
#include <linux/fs.h>

static int melilot_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct inode *dir = d_inode_rcu(dentry);	/* ok: d_hash.rcu_walk */
	struct dentry *root = dentry->d_sb->s_root;

	if (!dir || !dir->i_private)
		return 0;
	name->hash = name->len + d_inode(root)->i_nlink;	/* ok: d_hash.rcu_walk */
	return 0;
}

const struct dentry_operations melilot_dentry_ops = {
	.d_hash = melilot_d_hash,
};
