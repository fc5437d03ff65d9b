// SPDX-License-Identifier: GPL-2.0-only
/// The superblock of a mount that is there already is handed out locked, as the caller wants it: nothing is lost.
// Kernel: 6.8
#include <linux/fs.h>

struct super_block *dabchick_sb;

static int dabchick_get_tree(struct fs_context *fc)
{
	struct super_block *sb = dabchick_sb;

	down_write(&sb->s_umount);
	fc->root = dget(sb->s_root);
	return 0;	/* ok: get_tree.gives_back */
}

const struct fs_context_operations dabchick_context_ops = {
	.get_tree = dabchick_get_tree,
};
