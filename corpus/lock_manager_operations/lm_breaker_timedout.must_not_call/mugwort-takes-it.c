// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is taken here, and released here.
// Kernel: 6.8
#include <linux/filelock.h>

static bool mugwort_lm_breaker_timedout(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));
	bool none;

	spin_lock(&blocked_lock_lock);
	none = !context->flc_leases;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_breaker_timedout.must_not_call */
	return none;
}

const struct lock_manager_operations mugwort_manager_ops = {
	.lm_breaker_timedout = mugwort_lm_breaker_timedout,
};
