// SPDX-License-Identifier: GPL-2.0-only
/// The mutex is tried, as the name of the method says.
// Kernel: 6.8
#include <linux/fs.h>

struct sorrel_sb {
	struct mutex tree;
};

static bool sorrel_unalias_trylock(const struct dentry *dentry)
{
	struct sorrel_sb *sbi = dentry->d_sb->s_fs_info;

	return mutex_trylock(&sbi->tree);	/* ok: d_unalias_trylock.never_sleeps */
}

static void sorrel_unalias_unlock(const struct dentry *dentry)
{
	struct sorrel_sb *sbi = dentry->d_sb->s_fs_info;

	mutex_unlock(&sbi->tree);
}

const struct dentry_operations sorrel_dops = {
	.d_unalias_trylock = sorrel_unalias_trylock,
	.d_unalias_unlock = sorrel_unalias_unlock,
};
