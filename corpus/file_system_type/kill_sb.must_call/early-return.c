// SPDX-License-Identifier: GPL-2.0-only
/// A superblock that was never filled is not shut down at all.
// Fixable: no
#include <linux/methods.h>

static void birch_kill_sb(struct super_block *sb)
{
	void *info = sb->s_fs_info;

	if (!info)
		return;	/* violates: kill_sb.must_call */
	kill_anon_super(sb);
	kfree(info);
}

struct file_system_type birch_type = {
	.kill_sb = birch_kill_sb,
};
