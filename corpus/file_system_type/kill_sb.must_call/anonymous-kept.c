// SPDX-License-Identifier: GPL-2.0-only
/// One arm shuts down what lies on no device without giving its number back.
// Source: shape of the code before 1015c1016c23 ("erofs: use kill_anon_super() to kill super in fscache mode")
#include <linux/methods.h>

struct spruce_info {
	bool cached;
};

static void spruce_kill_sb(struct super_block *sb)
{
	struct spruce_info *info = sb->s_fs_info;

	if (info->cached)
		generic_shutdown_super(sb);
	else
		kill_block_super(sb);
	kfree(info);
	sb->s_fs_info = NULL;
}	/* todo-violates: kill_sb.must_call */

struct file_system_type spruce_type = {
	.kill_sb = spruce_kill_sb,
};
