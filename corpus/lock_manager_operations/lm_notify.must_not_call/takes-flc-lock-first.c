// SPDX-License-Identifier: GPL-2.0-only
/// flc_lock of the file is taken here.
// Kernel: 6.8
#include <linux/filelock.h>

static void juniper_lm_notify(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	spin_lock(&context->flc_lock);
	lock->fl_flags |= 1;
	spin_unlock(&context->flc_lock);	/* ok: lm_notify.must_not_call */
}

const struct lock_manager_operations juniper_manager_ops = {
	.lm_notify = juniper_lm_notify,
};
