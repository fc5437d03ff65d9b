// SPDX-License-Identifier: GPL-2.0-only
/// The owner has a spinlock of its own.
// Kernel: 6.8
#include <linux/filelock.h>

struct valerian_owner {
	spinlock_t lock;
	int users;
};

static void valerian_fl_copy_lock(struct file_lock *to, struct file_lock *from)
{
	struct valerian_owner *owner = from->fl_owner;

	spin_lock(&owner->lock);	/* ok: fl_copy_lock.no_relock */
	owner->users++;
	spin_unlock(&owner->lock);
	to->fl_owner = owner;
}

const struct file_lock_operations valerian_lock_ops = {
	.fl_copy_lock = valerian_fl_copy_lock,
};
