// SPDX-License-Identifier: GPL-2.0-only
/// The client is only tried.
// Kernel: 6.8
#include <linux/filelock.h>

static bool cumin_lm_breaker_owns_lease(struct file_lock *lock)
{
	struct mutex *client = lock->fl_owner;
	bool owns;

	if (!mutex_trylock(client))	/* ok: lm_breaker_owns_lease.never_sleeps */
		return false;
	owns = lock->fl_flags & 1;
	mutex_unlock(client);
	return owns;
}

const struct lock_manager_operations cumin_manager_ops = {
	.lm_breaker_owns_lease = cumin_lm_breaker_owns_lease,
};
