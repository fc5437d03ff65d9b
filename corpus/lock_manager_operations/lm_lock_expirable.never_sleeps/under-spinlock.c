// SPDX-License-Identifier: GPL-2.0-only
/// A spinlock is enough.
// Kernel: 6.8
#include <linux/filelock.h>

static spinlock_t daisy_clients;

static bool daisy_lm_lock_expirable(struct file_lock *lock)
{
	bool idle;

	spin_lock(&daisy_clients);	/* ok: lm_lock_expirable.never_sleeps */
	idle = !lock->fl_flags;
	spin_unlock(&daisy_clients);
	return idle;
}

const struct lock_manager_operations daisy_manager_ops = {
	.lm_lock_expirable = daisy_lm_lock_expirable,
};
