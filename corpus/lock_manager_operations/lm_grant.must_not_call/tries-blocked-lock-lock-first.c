// SPDX-License-Identifier: GPL-2.0-only
/// Noted only where blocked_lock_lock could be had.
// Kernel: 6.8
#include <linux/filelock.h>

static int knapweed_lm_grant(struct file_lock *lock, int result)
{
	if (spin_trylock(&blocked_lock_lock)) {
		if (!result)
			lock->fl_flags |= 2;
		spin_unlock(&blocked_lock_lock);	/* ok: lm_grant.must_not_call */
	}
	return result;
}

const struct lock_manager_operations knapweed_manager_ops = {
	.lm_grant = knapweed_lm_grant,
};
