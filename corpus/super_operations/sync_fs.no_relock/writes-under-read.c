// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is held for reading, and is taken for writing.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int saffron_sync_fs(struct super_block *sb, int wait)
{
	if (!wait)
		return 0;
	down_write(&sb->s_umount);	/* violates: sync_fs.no_relock */
	sb->s_flags |= 1;
	up_write(&sb->s_umount);
	return 0;
}

const struct super_operations saffron_sops = {
	.sync_fs = saffron_sync_fs,
};
