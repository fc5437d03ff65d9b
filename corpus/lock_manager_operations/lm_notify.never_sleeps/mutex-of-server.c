// SPDX-License-Identifier: GPL-2.0-only
/// The server is locked while blocked_lock_lock is held.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void clary_lm_notify(struct file_lock *lock)
{
	struct mutex *server = lock->fl_owner;

	mutex_lock(server);	/* violates: lm_notify.never_sleeps */
	lock->fl_flags |= 8;
	mutex_unlock(server);
}

const struct lock_manager_operations clary_manager_ops = {
	.lm_notify = clary_lm_notify,
};
