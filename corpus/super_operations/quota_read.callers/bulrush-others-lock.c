// SPDX-License-Identifier: GPL-2.0-only
/// The other format locks the quota of a second file system, which says nothing of how either is called.
// Kernel: 6.8
#include <linux/fs.h>

struct quota_format_ops {
	int (*read_file_info)(struct super_block *sb, int type);
};

int bulrush_blocks(struct quota_info *info);

static struct quota_info *bulrush_journal;

static int bulrush_read_wide(struct super_block *sb, int type)
{
	int blocks;

	down_read(&bulrush_journal->dqio_sem);
	blocks = bulrush_blocks(bulrush_journal);
	up_read(&bulrush_journal->dqio_sem);
	return blocks;
}

static int bulrush_read_narrow(struct super_block *sb, int type)
{
	char header[24];
	long got = sb->s_op->quota_read(sb, type, header, 24, 0);	/* ok: quota_read.callers */

	return got == 24 ? 0 : -EIO;
}

static const struct quota_format_ops bulrush_wide = {
	.read_file_info = bulrush_read_wide,
};

static const struct quota_format_ops bulrush_narrow = {
	.read_file_info = bulrush_read_narrow,
};
