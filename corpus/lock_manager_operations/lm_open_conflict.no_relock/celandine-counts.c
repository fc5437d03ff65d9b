// SPDX-License-Identifier: GPL-2.0-only
/// An open that meets a lease is judged under flc_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool celandine_lm_open_conflict(struct file *file, int arg)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));
	bool many;

	spin_lock(&context->flc_lock);	/* violates: lm_open_conflict.no_relock */
	many = context->flc_leases > 1;
	spin_unlock(&context->flc_lock);
	return many;
}

const struct lock_manager_operations celandine_manager_ops = {
	.lm_open_conflict = celandine_lm_open_conflict,
};
