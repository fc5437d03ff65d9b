// SPDX-License-Identifier: GPL-2.0-only
/// The lock of the symlink is asserted; a walk does not take it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static const char *dock_get_link(struct dentry *dentry, struct inode *inode, void *done)
{
	const char *target;

	lockdep_assert_held(&inode->i_rwsem);	/* violates: get_link.must_not_call moderate */
	target = inode->i_private;
	return target;
}

const struct inode_operations dock_iops = {
	.get_link = dock_get_link,
};
