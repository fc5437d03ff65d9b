// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the dentry below may be NULL by the time that it is looked into.
// Kernel: 6.12
// Fixable: no
// Source: shape of the code before 1a73f5b8f079 ("ovl: fix null pointer dereference in ovl_permission()")
#include <linux/fs.h>

struct campion_below {
	struct dentry *dentry;
	int layer;
};

static void campion_find(struct inode *inode, struct campion_below *below)
{
	struct campion_below *kept = inode->i_private;

	*below = *kept;
}

static int campion_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	struct campion_below below;
	struct inode *real;

	campion_find(inode, &below);
	if (!below.dentry)
		return -ECHILD;
	real = d_inode(below.dentry);	/* violates: permission.rcu_walk moderate */
	if (real->i_private)
		return -EACCES;
	return generic_permission(idmap, inode, mask);
}

const struct inode_operations campion_dir_ops = {
	.permission = campion_permission,
};
