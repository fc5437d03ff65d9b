// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is released on the way out.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct dentry *dill_d_real(struct dentry *dentry, int type)
{
	struct dentry *real;

	real = type ? dentry : dentry->d_fsdata;
	write_sequnlock(&rename_lock);	/* violates: d_real.must_not_call moderate */
	return real;
}

const struct dentry_operations dill_dops = {
	.d_real = dill_d_real,
};
