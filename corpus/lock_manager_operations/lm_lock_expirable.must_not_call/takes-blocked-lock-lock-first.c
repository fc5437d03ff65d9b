// SPDX-License-Identifier: GPL-2.0-only
/// One look under the lock that is taken here.
// Kernel: 6.8
#include <linux/filelock.h>

static bool lupin_lm_lock_expirable(struct file_lock *lock)
{
	bool idle;

	spin_lock(&blocked_lock_lock);
	idle = !lock->fl_flags;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_lock_expirable.must_not_call */
	return idle;
}

const struct lock_manager_operations lupin_manager_ops = {
	.lm_lock_expirable = lupin_lm_lock_expirable,
};
