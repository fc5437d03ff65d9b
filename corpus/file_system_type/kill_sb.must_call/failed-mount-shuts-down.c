// SPDX-License-Identifier: GPL-2.0-only
/// A mount that failed left no private data; its superblock is shut down all the same.
// Source: shape of the code after 058f2e4da79b ("proc: s_fs_info may be NULL when proc_kill_sb is called")
#include <linux/methods.h>

struct cedar_info {
	struct dentry *self;
	struct dentry *thread;
};

void cedar_drop(struct dentry *dentry);

static void cedar_kill_sb(struct super_block *sb)
{
	struct cedar_info *info = sb->s_fs_info;

	if (!info) {
		kill_anon_super(sb);
		return;	/* ok: kill_sb.must_call */
	}

	cedar_drop(info->self);
	cedar_drop(info->thread);
	kill_anon_super(sb);
	kfree(info);
}	/* ok: kill_sb.must_call */

struct file_system_type cedar_type = {
	.kill_sb = cedar_kill_sb,
};
