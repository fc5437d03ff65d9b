// SPDX-License-Identifier: GPL-2.0-only
/// The header is written after dqio_sem has been released; the entries are under it.
// Kernel: 6.8
// Fixable: no
#include <linux/quota.h>

long purslane_flush(struct super_block *sb, const char *entry, const char *header)
{
	long done;

	down_write(&sb->s_dquot.dqio_sem);
	done = sb->s_op->quota_write(sb, 0, entry, 64, 512);	/* ok: quota_write.callers */
	up_write(&sb->s_dquot.dqio_sem);
	if (done == 64)
		done = sb->s_op->quota_write(sb, 0, header, 24, 0);	/* violates: quota_write.callers low */
	return done;
}
