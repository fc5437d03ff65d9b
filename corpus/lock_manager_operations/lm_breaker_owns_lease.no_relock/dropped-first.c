// SPDX-License-Identifier: GPL-2.0-only
/// flc_lock is dropped first and taken again.
// Kernel: 6.8
#include <linux/filelock.h>

static bool woodruff_lm_breaker_owns_lease(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	spin_unlock(&context->flc_lock);
	spin_lock(&context->flc_lock);	/* ok: lm_breaker_owns_lease.no_relock */
	return lock->fl_owner != NULL;
}

const struct lock_manager_operations woodruff_manager_ops = {
	.lm_breaker_owns_lease = woodruff_lm_breaker_owns_lease,
};
