// SPDX-License-Identifier: GPL-2.0-only
/// The entry is written when it is marked, which recurses into the file system.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

static int lupin_mark_dirty(struct dquot *dquot)
{
	struct super_block *sb = dquot->dq_sb;

	sb->s_op->quota_write(sb, 0, (char *)&dquot->dq_id, 4, 0);	/* violates: mark_dirty.must_not_call low */
	return 0;
}

const struct dquot_operations lupin_dquot_ops = {
	.mark_dirty = lupin_mark_dirty,
};
