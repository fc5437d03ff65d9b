// SPDX-License-Identifier: GPL-2.0-only
/// The client is asked, and the answer waited for.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static bool celandine_ask(struct file_lock_context *context)
{
	msleep(10);
	return context->flc_leases;
}

static bool celandine_lm_open_conflict(struct file *file, int arg)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));

	return celandine_ask(context);	/* violates: lm_open_conflict.never_sleeps */
}

const struct lock_manager_operations celandine_manager_ops = {
	.lm_open_conflict = celandine_lm_open_conflict,
};
