// SPDX-License-Identifier: GPL-2.0-only
/// The helper leaves the lock alone.
// Kernel: 6.8
#include <linux/filelock.h>

static void woad_count(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	context->flc_leases++;
}

static int woad_lm_change(struct file_lock *lock, int type)
{
	woad_count(lock);	/* ok: lm_change.no_relock */
	lock->fl_flags = type;
	return 0;
}

const struct lock_manager_operations woad_manager_ops = {
	.lm_change = woad_lm_change,
};
