// SPDX-License-Identifier: GPL-2.0-only
/// What hangs on the superblock is freed, and the superblock lives on.
// Fixable: no
#include <linux/methods.h>

static void beech_kill_sb(struct super_block *sb)
{
	kfree(sb->s_fs_info);
	sb->s_fs_info = NULL;
}	/* violates: kill_sb.must_call */

struct file_system_type beech_type = {
	.kill_sb = beech_kill_sb,
};
