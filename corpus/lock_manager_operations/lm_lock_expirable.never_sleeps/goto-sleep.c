// SPDX-License-Identifier: GPL-2.0-only
/// One label leads to a sleep.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool daisy_lm_lock_expirable(struct file_lock *lock)
{
	if (!lock->fl_owner)
		goto busy;
	return true;

	busy:
	msleep(1);	/* violates: lm_lock_expirable.never_sleeps */
	return false;
}

const struct lock_manager_operations daisy_manager_ops = {
	.lm_lock_expirable = daisy_lm_lock_expirable,
};
