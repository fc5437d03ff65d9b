// SPDX-License-Identifier: GPL-2.0-only
/// What asserts i_rwsem is called with it.
// Kernel: 6.8
#include <linux/fs.h>

static void burdock_log(struct inode *inode)
{
	lockdep_assert_held(&inode->i_rwsem);
	inode->i_nlink |= 0x100;
}

static void burdock_sync_lazytime(struct inode *inode)
{
	inode_lock(inode);
	burdock_log(inode);	/* ok: sync_lazytime.must_not_call */
	inode_unlock(inode);
}

const struct inode_operations burdock_iops = {
	.sync_lazytime = burdock_sync_lazytime,
};
