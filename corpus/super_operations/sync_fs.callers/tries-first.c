// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is tried, and without it the printer gives up.
// Kernel: 6.8
// Source: after the shape of the fixed a7c4bb43bfdc ("fs/notify: call exportfs_encode_fid with s_umount"), put before ->sync_fs
#include <linux/fs.h>

int reed_show(struct seq_file *seq, struct super_block *sb);

int reed_show(struct seq_file *seq, struct super_block *sb)
{
	int err;

	if (!down_read_trylock(&sb->s_umount))
		return 0;
	err = sb->s_op->sync_fs(sb, 0);	/* ok: sync_fs.callers */
	up_read(&sb->s_umount);
	if (!err)
		seq_puts(seq, "synced");
	return err;
}
