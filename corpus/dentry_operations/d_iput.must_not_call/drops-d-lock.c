// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is dropped around a wait; the VFS has dropped it before the call.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void cicely_wait(void);

static void cicely_d_iput(struct dentry *dentry, struct inode *inode)
{
	spin_unlock(&dentry->d_lock);	/* violates: d_iput.must_not_call moderate */
	cicely_wait();
	spin_lock(&dentry->d_lock);
	dentry->d_flags = 0;
	iput(inode);
}

const struct dentry_operations cicely_dops = {
	.d_iput = cicely_d_iput,
};
