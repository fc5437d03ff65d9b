// SPDX-License-Identifier: GPL-2.0-only
/// The last reference may go with dqptr_sem held.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

static int lupin_release_dquot(struct dquot *dquot)
{
	struct quota_info *quota = &dquot->dq_sb->s_dquot;

	down_read(&quota->dqptr_sem);	/* violates: release_dquot.no_relock low */
	dquot->dq_flags |= 1;
	up_read(&quota->dqptr_sem);
	return 0;
}

const struct dquot_operations lupin_ops = {
	.release_dquot = lupin_release_dquot,
};
