// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is taken for one look at what hangs on the dentry.
// Kernel: 6.8
#include <linux/fs.h>

static struct dentry *daisy_d_real(struct dentry *dentry, int type)
{
	struct dentry *real;

	spin_lock(&dentry->d_lock);
	real = type ? dentry : dentry->d_fsdata;
	spin_unlock(&dentry->d_lock);	/* ok: d_real.must_not_call */
	return real;
}

const struct dentry_operations daisy_dops = {
	.d_real = daisy_d_real,
};
