// SPDX-License-Identifier: GPL-2.0-only
/// The directory is reached through the parent of the dentry, and locked by its semaphore.
// Fixable: no
#include <linux/dcache.h>

static int sorrel_unlink(struct inode *dir, struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent;

	down_write(&d_inode(parent)->i_rwsem);	/* violates: unlink.no_relock */
	dir->i_size--;
	up_write(&d_inode(parent)->i_rwsem);
	return 0;
}

const struct inode_operations sorrel_iops = {
	.unlink = sorrel_unlink,
};
