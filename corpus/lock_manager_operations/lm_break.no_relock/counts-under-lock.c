// SPDX-License-Identifier: GPL-2.0-only
/// Leases are broken under flc_lock of the inode.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool violet_lm_break(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	spin_lock(&context->flc_lock);	/* violates: lm_break.no_relock */
	context->flc_leases--;
	spin_unlock(&context->flc_lock);
	return true;
}

const struct lock_manager_operations violet_manager_ops = {
	.lm_break = violet_lm_break,
};
