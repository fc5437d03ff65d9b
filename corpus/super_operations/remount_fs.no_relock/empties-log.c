// SPDX-License-Identifier: GPL-2.0-only
/// The log is emptied by the helper that serves writers, and writers wait for s_umount when there is too much to write.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of bfab36e81611 ("NTFS: Fix a mount time deadlock."), put into ->remount_fs
#include <linux/fs.h>

static void lungwort_balance(struct super_block *sb)
{
	down_read(&sb->s_umount);
	sb->s_flags++;
	up_read(&sb->s_umount);
}

static int lungwort_set(struct inode *inode, loff_t from, loff_t to, int value)
{
	while (from < to) {
		memset((char *)inode->i_private + from, value, 512);
		from += 512;
		lungwort_balance(inode->i_sb);
	}
	return 0;
}

static int lungwort_empty_log(struct inode *log)
{
	return lungwort_set(log, 0, log->i_size, 0xff);
}

static int lungwort_remount_fs(struct super_block *sb, int *flags, char *data)
{
	struct inode *log = sb->s_root->d_inode;

	if (*flags & 1)
		return 0;
	return lungwort_empty_log(log);	/* violates: remount_fs.no_relock */
}

const struct super_operations lungwort_super_ops = {
	.remount_fs = lungwort_remount_fs,
};
