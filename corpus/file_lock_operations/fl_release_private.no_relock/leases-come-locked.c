// SPDX-License-Identifier: GPL-2.0-only
/// A lease is released under i_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void vervain_fl_release_private(struct file_lock *lock)
{
	struct inode *inode = file_inode(lock->fl_file);

	spin_lock(&inode->i_lock);	/* violates: fl_release_private.no_relock low */
	lock->fl_owner = NULL;
	spin_unlock(&inode->i_lock);
}

const struct file_lock_operations vervain_lock_ops = {
	.fl_release_private = vervain_fl_release_private,
};
