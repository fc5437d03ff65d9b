// SPDX-License-Identifier: GPL-2.0-only
/// The recall is queued under a spinlock.
// Kernel: 6.8
#include <linux/filelock.h>

static spinlock_t comfrey_clients;

static void comfrey_recall(struct file_lock *lock)
{
	spin_lock(&comfrey_clients);
	lock->fl_flags |= 16;
	spin_unlock(&comfrey_clients);
}

static bool comfrey_lm_break(struct file_lock *lock)
{
	comfrey_recall(lock);	/* ok: lm_break.never_sleeps */
	return false;
}

const struct lock_manager_operations comfrey_manager_ops = {
	.lm_break = comfrey_lm_break,
};
