// SPDX-License-Identifier: GPL-2.0-only
/// An entry is written with the pointers locked, or with quota being switched.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

static int arnica_write_dquot(struct dquot *dquot)
{
	struct quota_info *quota = &dquot->dq_sb->s_dquot;

	down_read(&quota->dqptr_sem);	/* violates: write_dquot.no_relock low */
	dquot->dq_flags |= 1;
	up_read(&quota->dqptr_sem);
	return 0;
}

const struct dquot_operations arnica_ops = {
	.write_dquot = arnica_write_dquot,
};
