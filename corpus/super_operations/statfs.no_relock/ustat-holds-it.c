// SPDX-License-Identifier: GPL-2.0-only
/// ustat(2) comes with s_umount, all others without.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int saxifrage_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;

	down_read(&sb->s_umount);	/* violates: statfs.no_relock low */
	memcpy(buf, sb->s_fs_info, 64);
	up_read(&sb->s_umount);
	return 0;
}

const struct super_operations saxifrage_sops = {
	.statfs = saxifrage_statfs,
};
