// SPDX-License-Identifier: GPL-2.0-only
/// A read updates the access time without any lock; i_rwsem is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int gentian_update_time(struct inode *inode, int flags)
{
	if (flags)
		mark_inode_dirty(inode);
	up_read(&inode->i_rwsem);	/* violates: update_time.must_not_call moderate */
	return 0;
}

const struct inode_operations gentian_iops = {
	.update_time = gentian_update_time,
};
