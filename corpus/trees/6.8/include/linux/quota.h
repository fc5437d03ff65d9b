/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_QUOTA_H
#define _LINUX_QUOTA_H

#include <linux/fs.h>

struct dquot {
	struct super_block *dq_sb;
	unsigned int dq_flags;
	unsigned int dq_id;
};

struct dquot_operations {
	int (*mark_dirty)(struct dquot *dquot);
};

int dquot_mark_dquot_dirty(struct dquot *dquot);

#endif
