// SPDX-License-Identifier: GPL-2.0-only
/// The helper was written for a timer, which holds nothing.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void sage_flush(struct super_block *sb)
{
	down_read(&sb->s_umount);
	sb->s_flags &= ~1ul;
	up_read(&sb->s_umount);
}

static int sage_freeze_fs(struct super_block *sb)
{
	sage_flush(sb);	/* violates: freeze_fs.no_relock */
	return 0;
}

const struct super_operations sage_sops = {
	.freeze_fs = sage_freeze_fs,
};
