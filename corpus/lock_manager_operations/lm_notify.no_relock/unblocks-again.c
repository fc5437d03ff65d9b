// SPDX-License-Identifier: GPL-2.0-only
/// The list of the blocked is locked when one of them is woken.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void vetch_lm_notify(struct file_lock *lock)
{
	spin_lock(&blocked_lock_lock);	/* violates: lm_notify.no_relock */
	lock->fl_owner = NULL;
	spin_unlock(&blocked_lock_lock);
}

const struct lock_manager_operations vetch_manager_ops = {
	.lm_notify = vetch_lm_notify,
};
