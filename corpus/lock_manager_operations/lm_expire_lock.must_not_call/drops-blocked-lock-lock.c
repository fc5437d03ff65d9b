// SPDX-License-Identifier: GPL-2.0-only
/// blocked_lock_lock is dropped around a wait, and nobody holds it.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static unsigned long madder_expired;
void madder_wait(void);

static void madder_lm_expire_lock(void)
{
	spin_unlock(&blocked_lock_lock);	/* violates: lm_expire_lock.must_not_call moderate */
	madder_wait();
	spin_lock(&blocked_lock_lock);
	madder_expired++;
}

const struct lock_manager_operations madder_manager_ops = {
	.lm_expire_lock = madder_lm_expire_lock,
};
