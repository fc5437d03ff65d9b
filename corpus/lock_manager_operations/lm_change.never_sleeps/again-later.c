// SPDX-License-Identifier: GPL-2.0-only
/// A lease in use is not waited for.
// Kernel: 6.8
#include <linux/filelock.h>

static int cress_lm_change(struct file_lock *lock, int type)
{
	if (lock->fl_flags & 1)
		return -EAGAIN;
	schedule_work(lock->fl_owner);	/* ok: lm_change.never_sleeps */
	lock->fl_flags = type;
	return 0;
}

const struct lock_manager_operations cress_manager_ops = {
	.lm_change = cress_lm_change,
};
