// SPDX-License-Identifier: GPL-2.0-only
/// A lease changes under flc_lock, not under blocked_lock_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static int lavender_lm_change(struct file_lock *lock, int type)
{
	lockdep_assert_held(&blocked_lock_lock);	/* violates: lm_change.must_not_call moderate */
	lock->fl_flags = type;
	return 0;
}

const struct lock_manager_operations lavender_manager_ops = {
	.lm_change = lavender_lm_change,
};
