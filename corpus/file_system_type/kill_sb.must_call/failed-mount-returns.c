// SPDX-License-Identifier: GPL-2.0-only
/// A mount that failed left no private data; its superblock is given up without a word.
// Fixable: no
// Source: after the shape of 058f2e4da79b ("proc: s_fs_info may be NULL when proc_kill_sb is called"), with half of the new branch
#include <linux/methods.h>

struct larch_info {
	struct dentry *self;
	struct dentry *thread;
};

void larch_drop(struct dentry *dentry);

static void larch_kill_sb(struct super_block *sb)
{
	struct larch_info *info = sb->s_fs_info;

	if (!info)
		return;	/* violates: kill_sb.must_call */

	larch_drop(info->self);
	larch_drop(info->thread);
	kill_anon_super(sb);
	kfree(info);
}	/* ok: kill_sb.must_call */

struct file_system_type larch_type = {
	.kill_sb = larch_kill_sb,
};
