// SPDX-License-Identifier: GPL-2.0-only
/// The size is read under the shared lock, taken here.
// Kernel: 6.8
#include <linux/fs.h>

static int hellebore_getattr(const struct path *path, struct kstat *stat)
{
	struct inode *inode = d_inode(path->dentry);

	inode_lock_shared(inode);
	stat->size = inode->i_size;
	inode_unlock_shared(inode);	/* ok: getattr.must_not_call */
	return 0;
}

const struct inode_operations hellebore_iops = {
	.getattr = hellebore_getattr,
};
