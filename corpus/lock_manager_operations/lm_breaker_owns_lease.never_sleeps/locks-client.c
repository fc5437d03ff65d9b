// SPDX-License-Identifier: GPL-2.0-only
/// The client is locked for the comparison.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool cumin_lm_breaker_owns_lease(struct file_lock *lock)
{
	struct mutex *client = lock->fl_owner;
	bool owns;

	mutex_lock(client);	/* violates: lm_breaker_owns_lease.never_sleeps */
	owns = lock->fl_flags & 1;
	mutex_unlock(client);
	return owns;
}

const struct lock_manager_operations cumin_manager_ops = {
	.lm_breaker_owns_lease = cumin_lm_breaker_owns_lease,
};
