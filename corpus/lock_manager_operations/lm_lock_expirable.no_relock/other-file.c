// SPDX-License-Identifier: GPL-2.0-only
/// The lock of the other file is another one.
// Kernel: 6.8
#include <linux/filelock.h>

static bool wormwood_lm_lock_expirable(struct file_lock *lock)
{
	struct file *other = lock->fl_owner;
	struct file_lock_context *context = locks_inode_context(file_inode(other));
	bool idle;

	spin_lock(&context->flc_lock);	/* ok: lm_lock_expirable.no_relock */
	idle = !context->flc_leases;
	spin_unlock(&context->flc_lock);
	return idle;
}

const struct lock_manager_operations wormwood_manager_ops = {
	.lm_lock_expirable = wormwood_lm_lock_expirable,
};
