// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is released by who breaks a lease.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool laurel_lm_break(struct file_lock *lock)
{
	lock->fl_flags |= 4;
	spin_unlock(&blocked_lock_lock);	/* violates: lm_break.must_not_call moderate */
	return false;
}

const struct lock_manager_operations laurel_manager_ops = {
	.lm_break = laurel_lm_break,
};
