// SPDX-License-Identifier: GPL-2.0-only
/// The grant waits for the client.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static int clover_lm_grant(struct file_lock *lock, int result)
{
	if (result)
		msleep(10);	/* violates: lm_grant.never_sleeps */
	lock->fl_flags = 0;
	return result;
}

const struct lock_manager_operations clover_manager_ops = {
	.lm_grant = clover_lm_grant,
};
