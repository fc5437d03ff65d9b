// SPDX-License-Identifier: GPL-2.0-only
/// One of two quota formats takes dqio_sem for its header itself, so that the other one is called without it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct quota_format_ops {
	int (*read_file_info)(struct super_block *sb, int type);
};

static inline struct quota_info *sb_dqopt(struct super_block *sb)
{
	return &sb->s_dquot;
}

static int bulrush_read_wide(struct super_block *sb, int type)
{
	struct quota_info *info = sb_dqopt(sb);
	char header[64];
	long got;

	down_read(&info->dqio_sem);
	got = sb->s_op->quota_read(sb, type, header, 64, 0);	/* ok: quota_read.callers */
	up_read(&info->dqio_sem);
	return got == 64 ? 0 : -EIO;
}

static int bulrush_read_narrow(struct super_block *sb, int type)
{
	char header[24];
	long got = sb->s_op->quota_read(sb, type, header, 24, 0);	/* violates: quota_read.callers low */

	return got == 24 ? 0 : -EIO;
}

static const struct quota_format_ops bulrush_wide = {
	.read_file_info = bulrush_read_wide,
};

static const struct quota_format_ops bulrush_narrow = {
	.read_file_info = bulrush_read_narrow,
};
