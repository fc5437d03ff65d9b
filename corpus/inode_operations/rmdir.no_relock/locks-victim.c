// SPDX-License-Identifier: GPL-2.0-only
/// The directory that goes is locked already, like the one that it goes from.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int pimpernel_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	if (inode->i_size)
		return -EINVAL;
	inode_lock(inode);	/* violates: rmdir.no_relock */
	inode->i_nlink = 0;
	inode_unlock(inode);
	dir->i_nlink--;
	return 0;
}

const struct inode_operations pimpernel_iops = {
	.rmdir = pimpernel_rmdir,
};
