// SPDX-License-Identifier: GPL-2.0-only
/// The break timed out, and flc_lock is still held.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool mugwort_lm_breaker_timedout(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));
	bool many;

	spin_lock(&context->flc_lock);	/* violates: lm_breaker_timedout.no_relock */
	many = context->flc_leases > 1;
	spin_unlock(&context->flc_lock);
	return many;
}

const struct lock_manager_operations mugwort_manager_ops = {
	.lm_breaker_timedout = mugwort_lm_breaker_timedout,
};
