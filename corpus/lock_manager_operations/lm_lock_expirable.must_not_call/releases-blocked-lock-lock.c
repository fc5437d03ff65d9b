// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is released after the look at the flags.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool lupin_lm_lock_expirable(struct file_lock *lock)
{
	bool idle;

	idle = !lock->fl_flags;
	spin_unlock(&blocked_lock_lock);	/* violates: lm_lock_expirable.must_not_call moderate */
	return idle;
}

const struct lock_manager_operations lupin_manager_ops = {
	.lm_lock_expirable = lupin_lm_lock_expirable,
};
