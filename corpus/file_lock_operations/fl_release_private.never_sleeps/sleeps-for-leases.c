// SPDX-License-Identifier: GPL-2.0-only
/// Locks of processes may be released with a sleep, leases may not.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void cicely_fl_release_private(struct file_lock *lock)
{
	msleep(1);	/* violates: fl_release_private.never_sleeps low */
	lock->fl_owner = NULL;
}

const struct file_lock_operations cicely_lock_ops = {
	.fl_release_private = cicely_fl_release_private,
};
