// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is taken here, and released here.
// Kernel: 6.8
#include <linux/filelock.h>

static bool celandine_lm_open_conflict(struct file *file, int arg)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));
	bool none;

	spin_lock(&blocked_lock_lock);
	none = !context->flc_leases;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_open_conflict.must_not_call */
	return none;
}

const struct lock_manager_operations celandine_manager_ops = {
	.lm_open_conflict = celandine_lm_open_conflict,
};
