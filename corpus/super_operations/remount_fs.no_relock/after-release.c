// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is dropped while user space is asked.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void speedwell_ask(char *data);

static int speedwell_remount_fs(struct super_block *sb, int *flags, char *data)
{
	up_write(&sb->s_umount);	/* violates: remount_fs.no_relock low */
	speedwell_ask(data);
	down_write(&sb->s_umount);	/* ok: remount_fs.no_relock */
	sb->s_flags = *flags;
	return 0;
}

const struct super_operations speedwell_sops = {
	.remount_fs = speedwell_remount_fs,
};
