// SPDX-License-Identifier: GPL-2.0-only
/// The caller compares owners under flc_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool woodruff_lm_breaker_owns_lease(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));
	bool owns;

	spin_lock(&context->flc_lock);	/* violates: lm_breaker_owns_lease.no_relock */
	owns = context->flc_leases == 1;
	spin_unlock(&context->flc_lock);
	return owns;
}

const struct lock_manager_operations woodruff_manager_ops = {
	.lm_breaker_owns_lease = woodruff_lm_breaker_owns_lease,
};
