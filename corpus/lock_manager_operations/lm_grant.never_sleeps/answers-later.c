// SPDX-License-Identifier: GPL-2.0-only
/// The client is answered by a worker.
// Kernel: 6.8
#include <linux/filelock.h>

static int clover_lm_grant(struct file_lock *lock, int result)
{
	if (result)
		schedule_work(lock->fl_owner);	/* ok: lm_grant.never_sleeps */
	return result;
}

const struct lock_manager_operations clover_manager_ops = {
	.lm_grant = clover_lm_grant,
};
