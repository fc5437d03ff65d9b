// SPDX-License-Identifier: GPL-2.0-only
/// Whoever switches quota on acquires entries, and holds dqonoff_sem.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

static int bryony_acquire_dquot(struct dquot *dquot)
{
	struct quota_info *quota = &dquot->dq_sb->s_dquot;

	down_read(&quota->dqonoff_sem);	/* violates: acquire_dquot.no_relock low */
	dquot->dq_flags |= 1;
	up_read(&quota->dqonoff_sem);
	return 0;
}

const struct dquot_operations bryony_ops = {
	.acquire_dquot = bryony_acquire_dquot,
};
