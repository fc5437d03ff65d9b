// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is given up, and the caller never had it.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool celandine_lm_open_conflict(struct file *file, int arg)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));

	spin_unlock(&blocked_lock_lock);	/* violates: lm_open_conflict.must_not_call moderate */
	context->flc_leases--;
	spin_lock(&blocked_lock_lock);
	return true;
}

const struct lock_manager_operations celandine_manager_ops = {
	.lm_open_conflict = celandine_lm_open_conflict,
};
