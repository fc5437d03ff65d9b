// SPDX-License-Identifier: GPL-2.0-only
/// Entries are counted under a semaphore of the file system's own.
// Kernel: 6.8
#include <linux/quota.h>

static struct rw_semaphore bryony_entries;

static int bryony_acquire_dquot(struct dquot *dquot)
{
	struct quota_info *quota = &dquot->dq_sb->s_dquot;

	down_write(&bryony_entries);	/* ok: acquire_dquot.no_relock */
	dquot->dq_flags = 0;
	up_write(&bryony_entries);
	return quota ? 0 : -EINVAL;
}

const struct dquot_operations bryony_ops = {
	.acquire_dquot = bryony_acquire_dquot,
};
