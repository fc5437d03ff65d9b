// SPDX-License-Identifier: GPL-2.0-only
/// A macro looks into the inode of the parent, and the function does not test it before.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int figwort_d_compare(const struct dentry *dentry, unsigned int len, const char *text, const struct qstr *name)
{
	const struct dentry *parent = dentry->d_parent;
	const struct inode *dir = parent->d_inode;	/* violates: d_compare.rcu_walk */

	if (!IS_DEADDIR(dir))
		return len != name->len;
	return 1;
}

const struct dentry_operations figwort_dentry_ops = {
	.d_compare = figwort_d_compare,
};
