// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken for one look at the target.
// Kernel: 6.8
#include <linux/fs.h>

static const char *dock_get_link(struct dentry *dentry, struct inode *inode, void *done)
{
	const char *target;

	down_read(&inode->i_rwsem);
	target = inode->i_private;
	up_read(&inode->i_rwsem);	/* ok: get_link.must_not_call */
	return target;
}

const struct inode_operations dock_iops = {
	.get_link = dock_get_link,
};
