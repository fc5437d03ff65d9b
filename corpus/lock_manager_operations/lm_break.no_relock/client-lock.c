// SPDX-License-Identifier: GPL-2.0-only
/// The client of the lease has a lock of its own.
// Kernel: 6.8
#include <linux/filelock.h>

struct violet_client {
	spinlock_t lock;
	bool recalled;
};

static bool violet_lm_break(struct file_lock *lock)
{
	struct violet_client *client = lock->fl_owner;

	spin_lock(&client->lock);	/* ok: lm_break.no_relock */
	client->recalled = true;
	spin_unlock(&client->lock);
	return false;
}

const struct lock_manager_operations violet_manager_ops = {
	.lm_break = violet_lm_break,
};
