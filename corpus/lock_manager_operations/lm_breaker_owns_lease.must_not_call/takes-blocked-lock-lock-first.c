// SPDX-License-Identifier: GPL-2.0-only
/// One look under the lock that is taken here.
// Kernel: 6.8
#include <linux/filelock.h>

static bool lovage_lm_breaker_owns_lease(struct file_lock *lock)
{
	bool owns;

	spin_lock(&blocked_lock_lock);
	owns = lock->fl_owner != NULL;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_breaker_owns_lease.must_not_call */
	return owns;
}

const struct lock_manager_operations lovage_manager_ops = {
	.lm_breaker_owns_lease = lovage_lm_breaker_owns_lease,
};
