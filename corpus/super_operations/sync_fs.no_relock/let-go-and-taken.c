// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is let go before it is taken for writing.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int saffron_sync_fs(struct super_block *sb, int wait)
{
	up_read(&sb->s_umount);	/* violates: sync_fs.no_relock low */
	down_write(&sb->s_umount);	/* ok: sync_fs.no_relock */
	sb->s_flags |= wait;
	up_write(&sb->s_umount);
	down_read(&sb->s_umount);
	return 0;
}

const struct super_operations saffron_sops = {
	.sync_fs = saffron_sync_fs,
};
