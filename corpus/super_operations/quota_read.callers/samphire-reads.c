// SPDX-License-Identifier: GPL-2.0-only
/// A block of the quota file is read before dqio_sem is taken, and once behind it.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

static long samphire_block(struct super_block *sb, char *buffer)
{
	long got = sb->s_op->quota_read(sb, 0, buffer, 512, 0);	/* violates: quota_read.callers low */

	down_read(&sb->s_dquot.dqio_sem);
	if (got > 0)
		got = buffer[0];
	up_read(&sb->s_dquot.dqio_sem);
	return got;
}

long samphire_check(struct super_block *sb, char *buffer)
{
	long got = samphire_block(sb, buffer);

	down_read(&sb->s_dquot.dqio_sem);
	if (got > 0)
		got = sb->s_op->quota_read(sb, 1, buffer, 512, 0);	/* ok: quota_read.callers */
	up_read(&sb->s_dquot.dqio_sem);
	return got;
}
