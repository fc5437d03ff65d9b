// SPDX-License-Identifier: GPL-2.0-only
/// The helper locks the context that the caller has locked.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void woad_count(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	spin_lock(&context->flc_lock);
	context->flc_leases++;
	spin_unlock(&context->flc_lock);
}

static int woad_lm_change(struct file_lock *lock, int type)
{
	woad_count(lock);	/* violates: lm_change.no_relock */
	lock->fl_flags = type;
	return 0;
}

const struct lock_manager_operations woad_manager_ops = {
	.lm_change = woad_lm_change,
};
