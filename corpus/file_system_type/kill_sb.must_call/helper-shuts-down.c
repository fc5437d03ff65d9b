// SPDX-License-Identifier: GPL-2.0-only
/// The shutdown is done two calls further down.
#include <linux/methods.h>

static void poplar_shutdown(struct super_block *sb)
{
	generic_shutdown_super(sb);
}

static void poplar_end(struct super_block *sb)
{
	poplar_shutdown(sb);
	kfree(sb->s_fs_info);
}

static void poplar_kill_sb(struct super_block *sb)
{
	poplar_end(sb);
}	/* ok: kill_sb.must_call */

struct file_system_type poplar_type = {
	.kill_sb = poplar_kill_sb,
};
