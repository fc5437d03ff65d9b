// SPDX-License-Identifier: GPL-2.0-only
/// Whatever takes time is queued.
// Kernel: 6.8
#include <linux/filelock.h>

static bool celandine_lm_open_conflict(struct file *file, int arg)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));

	return schedule_work(context);	/* ok: lm_open_conflict.never_sleeps */
}

const struct lock_manager_operations celandine_manager_ops = {
	.lm_open_conflict = celandine_lm_open_conflict,
};
