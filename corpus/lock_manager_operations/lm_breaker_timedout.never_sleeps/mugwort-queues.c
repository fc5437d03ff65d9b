// SPDX-License-Identifier: GPL-2.0-only
/// Whatever takes time is queued.
// Kernel: 6.8
#include <linux/filelock.h>

static bool mugwort_lm_breaker_timedout(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	return schedule_work(context);	/* ok: lm_breaker_timedout.never_sleeps */
}

const struct lock_manager_operations mugwort_manager_ops = {
	.lm_breaker_timedout = mugwort_lm_breaker_timedout,
};
