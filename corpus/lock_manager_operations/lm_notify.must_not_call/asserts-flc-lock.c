// SPDX-License-Identifier: GPL-2.0-only
/// A blocked request is woken without flc_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static void juniper_lm_notify(struct file_lock *lock)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	lockdep_assert_held(&context->flc_lock);	/* violates: lm_notify.must_not_call moderate */
	lock->fl_flags |= 1;
}

const struct lock_manager_operations juniper_manager_ops = {
	.lm_notify = juniper_lm_notify,
};
