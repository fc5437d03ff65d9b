// SPDX-License-Identifier: GPL-2.0-only
/// The caller has the lock for a moment, and gives it back before it has the file system written.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

int teasel_flush(struct super_block *sb);
bool sb_rdonly(const struct super_block *sb);

int teasel_write_out(struct super_block *sb, int wait)
{
	int err = teasel_flush(sb);

	if (!err)
		err = sb->s_op->sync_fs(sb, wait);	/* violates: sync_fs.callers low */
	return err;
}

int teasel_sync(struct super_block *sb, int wait)
{
	bool readonly;

	down_read(&sb->s_umount);
	readonly = sb_rdonly(sb);
	up_read(&sb->s_umount);
	return readonly ? 0 : teasel_write_out(sb, wait);
}
