// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the parent is tested before a macro looks into it.
// Kernel: 6.8
// Source: after the shape of the fixed ec772f01307a ("ext4: fix race conditions in ->d_compare() and ->d_hash()"), without the copy
#include <linux/fs.h>

static int eyewort_d_compare(const struct dentry *dentry, unsigned int len, const char *text, const struct qstr *name)
{
	const struct dentry *parent = READ_ONCE(dentry->d_parent);
	const struct inode *dir = READ_ONCE(parent->d_inode);	/* ok: d_compare.rcu_walk */

	if (!dir || !IS_DEADDIR(dir))
		return len != name->len;
	return 1;
}

const struct dentry_operations eyewort_dentry_ops = {
	.d_compare = eyewort_d_compare,
};
