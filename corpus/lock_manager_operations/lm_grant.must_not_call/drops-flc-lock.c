// SPDX-License-Identifier: GPL-2.0-only
/// flc_lock is dropped for a wait, and the caller does not hold it.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

void larkspur_wait(void);

static int larkspur_lm_grant(struct file_lock *lock, int result)
{
	struct file_lock_context *context = locks_inode_context(file_inode(lock->fl_file));

	spin_unlock(&context->flc_lock);	/* violates: lm_grant.must_not_call moderate */
	larkspur_wait();
	spin_lock(&context->flc_lock);
	if (!result)
		lock->fl_flags |= 2;
	return result;
}

const struct lock_manager_operations larkspur_manager_ops = {
	.lm_grant = larkspur_lm_grant,
};
