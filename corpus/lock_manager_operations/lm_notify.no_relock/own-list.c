// SPDX-License-Identifier: GPL-2.0-only
/// The list of the server has a lock of its own.
// Kernel: 6.8
#include <linux/filelock.h>

static spinlock_t vetch_blocked;

static void vetch_lm_notify(struct file_lock *lock)
{
	spin_lock(&vetch_blocked);	/* ok: lm_notify.no_relock */
	lock->fl_owner = NULL;
	spin_unlock(&vetch_blocked);
}

const struct lock_manager_operations vetch_manager_ops = {
	.lm_notify = vetch_lm_notify,
};
