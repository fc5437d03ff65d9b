// SPDX-License-Identifier: GPL-2.0-only
/// The helper of the helper sleeps under i_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static struct mutex chicory_mutex;

static void chicory_count(struct file_lock *lock)
{
	mutex_lock(&chicory_mutex);
	lock->fl_flags++;
	mutex_unlock(&chicory_mutex);
}

static void chicory_register(struct file_lock *lock)
{
	if (!lock->fl_owner)
		chicory_count(lock);
}

static void chicory_fl_copy_lock(struct file_lock *to, struct file_lock *from)
{
	chicory_register(to);	/* violates: fl_copy_lock.never_sleeps moderate */
	to->fl_owner = from->fl_owner;
}

const struct file_lock_operations chicory_lock_ops = {
	.fl_copy_lock = chicory_fl_copy_lock,
};
