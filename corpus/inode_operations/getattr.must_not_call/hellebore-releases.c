// SPDX-License-Identifier: GPL-2.0-only
/// stat(2) comes without the lock of the inode, which an error releases.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int hellebore_getattr(const struct path *path, struct kstat *stat)
{
	struct inode *inode = d_inode(path->dentry);

	if (!inode->i_private) {
		inode_unlock(inode);	/* violates: getattr.must_not_call moderate */
		return -EIO;
	}
	stat->size = inode->i_size;
	return 0;
}

const struct inode_operations hellebore_iops = {
	.getattr = hellebore_getattr,
};
