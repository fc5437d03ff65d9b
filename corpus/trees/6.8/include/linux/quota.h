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
	int (*write_dquot)(struct dquot *dquot);
	int (*acquire_dquot)(struct dquot *dquot);
	int (*release_dquot)(struct dquot *dquot);
	int (*mark_dirty)(struct dquot *dquot);
	int (*write_info)(struct super_block *sb, int type);
};

int dquot_mark_dquot_dirty(struct dquot *dquot);

#endif
