// SPDX-License-Identifier: GPL-2.0-only
/// The document has lost the row of ->remount_fs, and who calls ->reconfigure holds s_umount as ever.
// Kernel: 7.3
// Fixable: no
#include <linux/fs.h>

static void fennel_apply(struct super_block *sb, unsigned int flags)
{
	down_write(&sb->s_umount);
	sb->s_flags = flags;
	up_write(&sb->s_umount);
}

static int fennel_reconfigure(struct fs_context *fc)
{
	fennel_apply(fc->root->d_sb, fc->sb_flags);	/* violates: reconfigure.no_relock */
	return 0;
}

const struct fs_context_operations fennel_context_ops = {
	.reconfigure = fennel_reconfigure,
};
