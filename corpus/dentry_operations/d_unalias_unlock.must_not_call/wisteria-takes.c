// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is taken before anything asserts it.
// Kernel: 6.8
#include <linux/fs.h>

static void wisteria_forget(struct dentry *alias)
{
	lockdep_assert_held(&alias->d_lock);
	alias->d_fsdata = NULL;
}

static void wisteria_unalias_unlock(const struct dentry *dentry)
{
	struct dentry *alias = (struct dentry *)dentry;

	spin_lock(&alias->d_lock);
	wisteria_forget(alias);
	spin_unlock(&alias->d_lock);	/* ok: d_unalias_unlock.must_not_call */
}

const struct dentry_operations wisteria_dops = {
	.d_unalias_unlock = wisteria_unalias_unlock,
};
