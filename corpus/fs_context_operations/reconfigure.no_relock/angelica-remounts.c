// SPDX-License-Identifier: GPL-2.0-only
/// What was ->remount_fs is ->reconfigure now, and its caller still holds s_umount.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int angelica_reconfigure(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;

	down_write(&sb->s_umount);	/* violates: reconfigure.no_relock */
	sb->s_flags = fc->sb_flags;
	up_write(&sb->s_umount);
	return 0;
}

const struct fs_context_operations angelica_context_ops = {
	.reconfigure = angelica_reconfigure,
};
