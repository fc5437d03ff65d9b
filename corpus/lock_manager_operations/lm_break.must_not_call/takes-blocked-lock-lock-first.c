// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is taken here.
// Kernel: 6.8
#include <linux/filelock.h>

static bool laurel_lm_break(struct file_lock *lock)
{
	spin_lock(&blocked_lock_lock);
	lock->fl_flags |= 4;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_break.must_not_call */
	return false;
}

const struct lock_manager_operations laurel_manager_ops = {
	.lm_break = laurel_lm_break,
};
