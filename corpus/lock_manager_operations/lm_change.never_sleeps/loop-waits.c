// SPDX-License-Identifier: GPL-2.0-only
/// A lease is changed after a wait for its users.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static int cress_lm_change(struct file_lock *lock, int type)
{
	while (lock->fl_flags & 1)
		msleep(1);	/* violates: lm_change.never_sleeps */
	lock->fl_flags = type;
	return 0;
}

const struct lock_manager_operations cress_manager_ops = {
	.lm_change = cress_lm_change,
};
