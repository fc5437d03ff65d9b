// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is dropped around a wait for the layer below.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void daisy_wait(void);

static struct dentry *daisy_d_real(struct dentry *dentry, int type)
{
	struct dentry *real;

	spin_unlock(&dentry->d_lock);	/* violates: d_real.must_not_call moderate */
	daisy_wait();
	spin_lock(&dentry->d_lock);
	real = type ? dentry : dentry->d_fsdata;
	return real;
}

const struct dentry_operations daisy_dops = {
	.d_real = daisy_d_real,
};
