// SPDX-License-Identifier: GPL-2.0-only
/// The counter is raised under the lock taken here.
// Kernel: 6.8
#include <linux/filelock.h>

static unsigned long madder_expired;

static void madder_lm_expire_lock(void)
{
	spin_lock(&blocked_lock_lock);
	madder_expired++;
	spin_unlock(&blocked_lock_lock);	/* ok: lm_expire_lock.must_not_call */
}

const struct lock_manager_operations madder_manager_ops = {
	.lm_expire_lock = madder_lm_expire_lock,
};
