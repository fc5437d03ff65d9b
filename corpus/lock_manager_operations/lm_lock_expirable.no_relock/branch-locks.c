// SPDX-License-Identifier: GPL-2.0-only
/// One branch locks what the caller holds.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool wormwood_lm_lock_expirable(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));
	bool idle = !lock->fl_flags;

	if (!idle) {
		spin_lock(&context->flc_lock);	/* violates: lm_lock_expirable.no_relock */
		idle = !context->flc_leases;
		spin_unlock(&context->flc_lock);
	}
	return idle;
}

const struct lock_manager_operations wormwood_manager_ops = {
	.lm_lock_expirable = wormwood_lm_lock_expirable,
};
