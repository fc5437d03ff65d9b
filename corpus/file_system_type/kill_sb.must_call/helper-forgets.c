// SPDX-License-Identifier: GPL-2.0-only
/// The helper that ends the superblock is called only for a mounted one.
// Fixable: no
#include <linux/methods.h>

static void plane_end(struct super_block *sb)
{
	kfree(sb->s_fs_info);
	kill_anon_super(sb);
}

static void plane_kill_sb(struct super_block *sb)
{
	if (sb->s_root)
		plane_end(sb);
}	/* violates: kill_sb.must_call */

struct file_system_type plane_type = {
	.kill_sb = plane_kill_sb,
};
