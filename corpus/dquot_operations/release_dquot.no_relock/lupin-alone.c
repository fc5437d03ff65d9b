// SPDX-License-Identifier: GPL-2.0-only
/// The entry is freed under a lock of the format.
// Kernel: 6.8
#include <linux/quota.h>

static struct rw_semaphore lupin_entries;

static int lupin_release_dquot(struct dquot *dquot)
{
	struct quota_info *quota = &dquot->dq_sb->s_dquot;

	down_write(&lupin_entries);	/* ok: release_dquot.no_relock */
	dquot->dq_flags = 0;
	up_write(&lupin_entries);
	return quota ? 0 : -EINVAL;
}

const struct dquot_operations lupin_ops = {
	.release_dquot = lupin_release_dquot,
};
