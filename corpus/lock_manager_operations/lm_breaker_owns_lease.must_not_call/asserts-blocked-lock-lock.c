// SPDX-License-Identifier: GPL-2.0-only
/// The owner is compared without blocked_lock_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool lovage_lm_breaker_owns_lease(struct file_lock *lock)
{
	bool owns;

	lockdep_assert_held(&blocked_lock_lock);	/* violates: lm_breaker_owns_lease.must_not_call moderate */
	owns = lock->fl_owner != NULL;
	return owns;
}

const struct lock_manager_operations lovage_manager_ops = {
	.lm_breaker_owns_lease = lovage_lm_breaker_owns_lease,
};
