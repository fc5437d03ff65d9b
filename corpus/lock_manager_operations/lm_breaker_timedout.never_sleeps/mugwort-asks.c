// SPDX-License-Identifier: GPL-2.0-only
/// The client is given a moment more, under a spinlock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool mugwort_ask(struct file_lock_context *context)
{
	msleep(10);
	return context->flc_leases;
}

static bool mugwort_lm_breaker_timedout(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	return mugwort_ask(context);	/* violates: lm_breaker_timedout.never_sleeps */
}

const struct lock_manager_operations mugwort_manager_ops = {
	.lm_breaker_timedout = mugwort_lm_breaker_timedout,
};
