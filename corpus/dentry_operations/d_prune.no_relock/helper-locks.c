// SPDX-License-Identifier: GPL-2.0-only
/// The helper that forgets the private data locks the dentry for it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void myrtle_forget(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_fsdata = NULL;
	spin_unlock(&dentry->d_lock);
}

static void myrtle_d_prune(struct dentry *dentry)
{
	if (dentry->d_fsdata)
		myrtle_forget(dentry);	/* violates: d_prune.no_relock */
}

const struct dentry_operations myrtle_dops = {
	.d_prune = myrtle_d_prune,
};
