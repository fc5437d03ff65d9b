// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is released in the end, and the caller has not taken it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void catmint_d_release(struct dentry *dentry)
{
	kfree(dentry->d_fsdata);
	dentry->d_fsdata = NULL;
	spin_unlock(&dentry->d_lock);	/* violates: d_release.must_not_call moderate */
}

const struct dentry_operations catmint_dops = {
	.d_release = catmint_d_release,
};
