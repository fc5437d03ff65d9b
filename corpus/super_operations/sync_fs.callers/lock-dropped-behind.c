// SPDX-License-Identifier: GPL-2.0-only
/// The caller gives the lock back behind the call; and who holds it at another call says "do not sync".
// Kernel: 6.8
#include <linux/fs.h>

int teasel_flush(struct super_block *sb);

int teasel_write_out(struct super_block *sb, bool sync)
{
	int err = teasel_flush(sb);

	if (sync)
		err = sb->s_op->sync_fs(sb, 1);	/* ok: sync_fs.callers */
	return err;
}

int teasel_sync(struct super_block *sb)
{
	int err;

	down_read(&sb->s_umount);
	err = teasel_write_out(sb, true);
	up_read(&sb->s_umount);
	return err ? err : teasel_write_out(sb, false);
}
