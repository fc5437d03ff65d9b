// SPDX-License-Identifier: GPL-2.0-only
/// The options are parsed under s_umount, which the caller holds for writing.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int speedwell_remount_fs(struct super_block *sb, int *flags, char *data)
{
	if (data) {
		down_write(&sb->s_umount);	/* violates: remount_fs.no_relock */
		sb->s_flags = *flags;
		up_write(&sb->s_umount);
	}
	return 0;
}

const struct super_operations speedwell_sops = {
	.remount_fs = speedwell_remount_fs,
};
