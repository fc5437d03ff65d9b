// SPDX-License-Identifier: GPL-2.0-only
/// Only the dentry itself is locked, not its parent.
// Kernel: 6.8
#include <linux/fs.h>

static void myrtle_d_prune(struct dentry *dentry)
{
	spin_lock(&dentry->d_parent->d_lock);	/* ok: d_prune.no_relock */
	dentry->d_parent->d_flags |= 4;
	spin_unlock(&dentry->d_parent->d_lock);
}

const struct dentry_operations myrtle_dops = {
	.d_prune = myrtle_d_prune,
};
