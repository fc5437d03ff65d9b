// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the dentry below is read once, and tested before it is looked into.
// Kernel: 6.12
// Source: shape of the code after 1a73f5b8f079 ("ovl: fix null pointer dereference in ovl_permission()")
#include <linux/fs.h>

struct catchfly_below {
	struct dentry *dentry;
	int layer;
};

static void catchfly_find(struct inode *inode, struct catchfly_below *below)
{
	struct catchfly_below *kept = inode->i_private;

	*below = *kept;
}

static int catchfly_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	struct catchfly_below below;
	struct inode *real;

	catchfly_find(inode, &below);
	if (!below.dentry)
		return -ECHILD;
	real = d_inode_rcu(below.dentry);	/* ok: permission.rcu_walk */
	if (!real || real->i_private)
		return -ECHILD;
	return generic_permission(idmap, inode, mask);
}

const struct inode_operations catchfly_dir_ops = {
	.permission = catchfly_permission,
};
