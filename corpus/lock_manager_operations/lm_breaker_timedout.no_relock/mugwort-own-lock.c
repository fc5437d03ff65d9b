// SPDX-License-Identifier: GPL-2.0-only
/// Nothing of the inode's own locks is taken.
// Kernel: 6.8
#include <linux/filelock.h>

static spinlock_t mugwort_clients;
static unsigned long mugwort_seen;

static bool mugwort_lm_breaker_timedout(struct file_lock *lock)
{
	spin_lock(&mugwort_clients);	/* ok: lm_breaker_timedout.no_relock */
	mugwort_seen += lock->fl_flags;
	spin_unlock(&mugwort_clients);
	return false;
}

const struct lock_manager_operations mugwort_manager_ops = {
	.lm_breaker_timedout = mugwort_lm_breaker_timedout,
};
