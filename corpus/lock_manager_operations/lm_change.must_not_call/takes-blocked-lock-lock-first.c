// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is taken for the change.
// Kernel: 6.8
#include <linux/filelock.h>

static int lavender_lm_change(struct file_lock *lock, int type)
{
	spin_lock(&blocked_lock_lock);
	lock->fl_flags = type;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_change.must_not_call */
	return 0;
}

const struct lock_manager_operations lavender_manager_ops = {
	.lm_change = lavender_lm_change,
};
