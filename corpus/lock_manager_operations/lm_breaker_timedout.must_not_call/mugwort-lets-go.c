// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is given up, and the caller never had it.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool mugwort_lm_breaker_timedout(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	spin_unlock(&blocked_lock_lock);	/* violates: lm_breaker_timedout.must_not_call moderate */
	context->flc_leases--;
	spin_lock(&blocked_lock_lock);
	return true;
}

const struct lock_manager_operations mugwort_manager_ops = {
	.lm_breaker_timedout = mugwort_lm_breaker_timedout,
};
