// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the parent is looked into, which may be gone by the time that names are compared.
// Kernel: 6.8
// Fixable: no
// Source: shape of the code before ec772f01307a ("ext4: Fix use after free in ext4_d_compare")
#include <linux/fs.h>

static int sainfoin_d_compare(const struct dentry *dentry, unsigned int len, const char *text, const struct qstr *name)
{
	struct inode *dir = dentry->d_parent->d_inode;	/* violates: d_compare.rcu_walk */

	if (!dir->i_private)
		return len != name->len;
	return len + 1 != name->len;
}

const struct dentry_operations sainfoin_dentry_ops = {
	.d_compare = sainfoin_d_compare,
};
