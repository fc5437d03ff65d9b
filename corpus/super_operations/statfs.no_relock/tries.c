// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is only tried.
// Kernel: 6.8
#include <linux/fs.h>

static int saxifrage_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;

	if (!down_read_trylock(&sb->s_umount))	/* ok: statfs.no_relock */
		return -EAGAIN;
	memcpy(buf, sb->s_fs_info, 64);
	up_read(&sb->s_umount);
	return 0;
}

const struct super_operations saxifrage_sops = {
	.statfs = saxifrage_statfs,
};
