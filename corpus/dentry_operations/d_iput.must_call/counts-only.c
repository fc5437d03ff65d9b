// SPDX-License-Identifier: GPL-2.0-only
/// An inode of the file system that has gone is never released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long privet_gone;

static void privet_d_iput(struct dentry *dentry, struct inode *inode)
{
	if (!inode->i_private) {
		privet_gone++;
		return;	/* violates: d_iput.must_call moderate */
	}
	inode->i_private = NULL;
	iput(inode);
}	/* ok: d_iput.must_call */

const struct dentry_operations privet_dentry_operations = {
	.d_iput = privet_d_iput,
};
