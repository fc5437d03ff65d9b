// SPDX-License-Identifier: GPL-2.0-only
/// The helper that recalls a lease sends under a semaphore.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static struct rw_semaphore comfrey_clients;

static void comfrey_recall(struct file_lock *lock)
{
	down_read(&comfrey_clients);
	lock->fl_flags |= 16;
	up_read(&comfrey_clients);
}

static bool comfrey_lm_break(struct file_lock *lock)
{
	comfrey_recall(lock);	/* violates: lm_break.never_sleeps */
	return false;
}

const struct lock_manager_operations comfrey_manager_ops = {
	.lm_break = comfrey_lm_break,
};
