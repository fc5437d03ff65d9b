// SPDX-License-Identifier: GPL-2.0-only
/// The superblock of a mount that is there already is handed out locked, as the caller wants it; what a helper locks beside it is lost.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct super_block *dabchick_sb;
struct mutex dabchick_all;

int dabchick_number(struct fs_context *fc);

static int dabchick_find(struct fs_context *fc)
{
	mutex_lock(&dabchick_all);
	return dabchick_number(fc);	/* violates: get_tree.gives_back moderate */
}

static int dabchick_get_tree(struct fs_context *fc)
{
	struct super_block *sb = dabchick_sb;

	down_write(&sb->s_umount);
	fc->root = dget(sb->s_root);
	return dabchick_find(fc);	/* ok: get_tree.gives_back */
}

const struct fs_context_operations dabchick_context_ops = {
	.get_tree = dabchick_get_tree,
};
