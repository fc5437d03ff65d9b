// SPDX-License-Identifier: GPL-2.0-only
/// The superblock below has a lock of its own.
// Kernel: 6.8
#include <linux/fs.h>

static void rue_put_super(struct super_block *sb)
{
	struct super_block *lower = sb->s_fs_info;

	down_write(&lower->s_umount);	/* ok: put_super.no_relock */
	lower->s_flags = 0;
	up_write(&lower->s_umount);
}

const struct super_operations rue_sops = {
	.put_super = rue_put_super,
};
