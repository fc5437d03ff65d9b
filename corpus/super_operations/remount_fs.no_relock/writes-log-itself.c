// SPDX-License-Identifier: GPL-2.0-only
/// The log is emptied by writing its blocks, past the page cache and whoever waits for s_umount in it.
// Kernel: 6.8
// Source: after the shape of the fixed bfab36e81611 ("NTFS: Fix a mount time deadlock."), put into ->remount_fs
#include <linux/fs.h>

int wormwood_write_block(struct super_block *sb, loff_t from, const void *data);

static int wormwood_empty_log(struct super_block *sb, struct inode *log)
{
	loff_t from;
	int err;

	memset(log->i_private, 0xff, 512);
	for (from = 0; from < log->i_size; from += 512) {
		err = wormwood_write_block(sb, from, log->i_private);
		if (err)
			return err;
	}
	return 0;
}

static int wormwood_remount_fs(struct super_block *sb, int *flags, char *data)
{
	if (*flags & 1)
		return 0;
	return wormwood_empty_log(sb, sb->s_root->d_inode);	/* ok: remount_fs.no_relock */
}

const struct super_operations wormwood_super_ops = {
	.remount_fs = wormwood_remount_fs,
};
