// SPDX-License-Identifier: GPL-2.0-only
/// i_lock is only tried.
// Kernel: 6.8
#include <linux/filelock.h>

static void vervain_fl_release_private(struct file_lock *lock)
{
	struct inode *inode = file_inode(lock->fl_file);

	if (spin_trylock(&inode->i_lock)) {	/* ok: fl_release_private.no_relock */
		lock->fl_owner = NULL;
		spin_unlock(&inode->i_lock);
	}
}

const struct file_lock_operations vervain_lock_ops = {
	.fl_release_private = vervain_fl_release_private,
};
