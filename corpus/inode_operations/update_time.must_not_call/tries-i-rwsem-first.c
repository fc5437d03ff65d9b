// SPDX-License-Identifier: GPL-2.0-only
/// Marked dirty only where the lock could be had.
// Kernel: 6.8
#include <linux/fs.h>

static int gentian_update_time(struct inode *inode, int flags)
{
	if (down_read_trylock(&inode->i_rwsem)) {
		if (flags)
			mark_inode_dirty(inode);
		up_read(&inode->i_rwsem);	/* ok: update_time.must_not_call */
	}
	return 0;
}

const struct inode_operations gentian_iops = {
	.update_time = gentian_update_time,
};
