// SPDX-License-Identifier: GPL-2.0-only
/// Times are synced from many places, so nobody can count on i_rwsem.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void burdock_sync_lazytime(struct inode *inode)
{
	lockdep_assert_held(&inode->i_rwsem);	/* violates: sync_lazytime.must_not_call moderate */
	inode->i_nlink |= 0x100;
}

const struct inode_operations burdock_iops = {
	.sync_lazytime = burdock_sync_lazytime,
};
