// SPDX-License-Identifier: GPL-2.0-only
/// A macro of the file system's own tests a flag of the super block, and another one shuts it down.
// Fixable: no
#include <linux/methods.h>

struct stilt_super {
	unsigned long flags;
};

#define STILT_DEAD 1ul
#define stilt_dead(sb) (((struct stilt_super *)(sb)->s_fs_info)->flags & STILT_DEAD)
#define stilt_end(sb) kill_block_super(sb)

static void stilt_kill_sb(struct super_block *sb)
{
	if (stilt_dead(sb))
		return;		/* violates: kill_sb.must_call */
	kill_block_super(sb);
}	/* ok: kill_sb.must_call */

static void stilt_calm_kill_sb(struct super_block *sb)
{
	if (stilt_dead(sb))
		sb->s_fs_info = NULL;
	stilt_end(sb);
}	/* ok: kill_sb.must_call */

struct file_system_type stilt_type = {
	.kill_sb = stilt_kill_sb,
};
struct file_system_type stilt_calm_type = {
	.kill_sb = stilt_calm_kill_sb,
};
