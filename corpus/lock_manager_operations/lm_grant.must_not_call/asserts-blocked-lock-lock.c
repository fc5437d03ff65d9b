// SPDX-License-Identifier: GPL-2.0-only
/// The answer of a remote lock comes without blocked_lock_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static int knapweed_lm_grant(struct file_lock *lock, int result)
{
	lockdep_assert_held(&blocked_lock_lock);	/* violates: lm_grant.must_not_call moderate */
	if (!result)
		lock->fl_flags |= 2;
	return result;
}

const struct lock_manager_operations knapweed_manager_ops = {
	.lm_grant = knapweed_lm_grant,
};
