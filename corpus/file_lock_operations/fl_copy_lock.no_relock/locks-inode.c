// SPDX-License-Identifier: GPL-2.0-only
/// A lock is copied under i_lock of the inode, which is taken again.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void valerian_fl_copy_lock(struct file_lock *to, struct file_lock *from)
{
	struct inode *inode = file_inode(from->fl_file);

	spin_lock(&inode->i_lock);	/* violates: fl_copy_lock.no_relock */
	to->fl_owner = from->fl_owner;
	spin_unlock(&inode->i_lock);
}

const struct file_lock_operations valerian_lock_ops = {
	.fl_copy_lock = valerian_fl_copy_lock,
};
