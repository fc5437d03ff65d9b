// SPDX-License-Identifier: GPL-2.0-only
/// What is called trylock waits for a mutex.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct sorrel_sb {
	struct mutex tree;
};

static bool sorrel_unalias_trylock(const struct dentry *dentry)
{
	struct sorrel_sb *sbi = dentry->d_sb->s_fs_info;

	mutex_lock(&sbi->tree);	/* violates: d_unalias_trylock.never_sleeps */
	return true;
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
