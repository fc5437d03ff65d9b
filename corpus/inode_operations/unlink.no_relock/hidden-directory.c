// SPDX-License-Identifier: GPL-2.0-only
/// An inode that the file system keeps for itself is none that the VFS has locked.
#include <linux/dcache.h>

static int sorrel_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *hidden = dir->i_private;

	inode_lock(hidden);	/* ok: unlink.no_relock */
	hidden->i_size++;
	inode_unlock(hidden);
	return 0;
}

const struct inode_operations sorrel_iops = {
	.unlink = sorrel_unlink,
};
