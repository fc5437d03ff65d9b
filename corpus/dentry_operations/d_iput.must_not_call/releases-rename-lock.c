// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is released before the inode is put.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void clary_d_iput(struct dentry *dentry, struct inode *inode)
{
	dentry->d_flags = 0;
	write_sequnlock(&rename_lock);	/* violates: d_iput.must_not_call moderate */
	iput(inode);
}

const struct dentry_operations clary_dops = {
	.d_iput = clary_d_iput,
};
