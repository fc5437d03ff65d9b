// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is held for writing until the superblock is gone.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void rue_put_super(struct super_block *sb)
{
	down_write(&sb->s_umount);	/* violates: put_super.no_relock */
	kfree(sb->s_fs_info);
	sb->s_fs_info = NULL;
	up_write(&sb->s_umount);
}

const struct super_operations rue_sops = {
	.put_super = rue_put_super,
};
