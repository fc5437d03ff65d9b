// SPDX-License-Identifier: GPL-2.0-only
/// The flags go only where d_lock could be had.
// Kernel: 6.8
#include <linux/fs.h>

static void cicely_d_iput(struct dentry *dentry, struct inode *inode)
{
	if (spin_trylock(&dentry->d_lock)) {
		dentry->d_flags = 0;
		spin_unlock(&dentry->d_lock);	/* ok: d_iput.must_not_call */
	}
	iput(inode);
}

const struct dentry_operations cicely_dops = {
	.d_iput = cicely_d_iput,
};
