// SPDX-License-Identifier: GPL-2.0-only
/// A worker does what sleeps.
// Kernel: 6.8
#include <linux/filelock.h>

static void clary_lm_notify(struct file_lock *lock)
{
	lock->fl_flags |= 8;
	schedule_work(lock->fl_owner);	/* ok: lm_notify.never_sleeps */
}

const struct lock_manager_operations clary_manager_ops = {
	.lm_notify = clary_lm_notify,
};
