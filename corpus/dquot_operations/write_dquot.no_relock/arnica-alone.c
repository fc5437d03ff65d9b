// SPDX-License-Identifier: GPL-2.0-only
/// The pointers are locked only where that needs no waiting.
// Kernel: 6.8
#include <linux/quota.h>

static int arnica_write_dquot(struct dquot *dquot)
{
	struct quota_info *quota = &dquot->dq_sb->s_dquot;

	if (!down_read_trylock(&quota->dqptr_sem))	/* ok: write_dquot.no_relock */
		return -EAGAIN;
	dquot->dq_flags &= ~1u;
	up_read(&quota->dqptr_sem);
	return 0;
}

const struct dquot_operations arnica_ops = {
	.write_dquot = arnica_write_dquot,
};
