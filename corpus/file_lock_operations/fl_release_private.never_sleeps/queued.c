// SPDX-License-Identifier: GPL-2.0-only
/// The rest is left to a worker.
// Kernel: 6.8
#include <linux/filelock.h>

static void cicely_fl_release_private(struct file_lock *lock)
{
	schedule_work(lock->fl_owner);	/* ok: fl_release_private.never_sleeps */
	lock->fl_owner = NULL;
}

const struct file_lock_operations cicely_lock_ops = {
	.fl_release_private = cicely_fl_release_private,
};
