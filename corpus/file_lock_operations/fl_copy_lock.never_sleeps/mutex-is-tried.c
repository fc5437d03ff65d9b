// SPDX-License-Identifier: GPL-2.0-only
/// A mutex that is only tried does not sleep.
// Kernel: 6.8
#include <linux/filelock.h>

static struct mutex chicory_mutex;

static void chicory_fl_copy_lock(struct file_lock *to, struct file_lock *from)
{
	if (mutex_trylock(&chicory_mutex)) {	/* ok: fl_copy_lock.never_sleeps */
		to->fl_owner = from->fl_owner;
		mutex_unlock(&chicory_mutex);
	}
}

const struct file_lock_operations chicory_lock_ops = {
	.fl_copy_lock = chicory_fl_copy_lock,
};
