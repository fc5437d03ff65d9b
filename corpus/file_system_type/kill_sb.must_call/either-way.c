// SPDX-License-Identifier: GPL-2.0-only
/// Both branches shut down, each in its own way.
#include <linux/methods.h>

static void willow_kill_sb(struct super_block *sb)
{
	if (sb->s_bdev)
		kill_block_super(sb);
	else
		kill_anon_super(sb);
	kfree(sb->s_fs_info);
}	/* ok: kill_sb.must_call */

struct file_system_type willow_type = {
	.kill_sb = willow_kill_sb,
};
