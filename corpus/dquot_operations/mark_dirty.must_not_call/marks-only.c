// SPDX-License-Identifier: GPL-2.0-only
/// The entry is marked, and written later.
// Kernel: 6.8
#include <linux/quota.h>

static int lupin_mark_dirty(struct dquot *dquot)
{
	dquot->dq_flags |= 1;
	return dquot_mark_dquot_dirty(dquot);	/* ok: mark_dirty.must_not_call */
}

const struct dquot_operations lupin_dquot_ops = {
	.mark_dirty = lupin_mark_dirty,
};
