// SPDX-License-Identifier: GPL-2.0-only
/// A helper looks into the inode of the directory, which nobody holds while a name is hashed in rcu-walk.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static bool vetchling_folds(const struct inode *dir)
{
	return dir->i_private != NULL;
}

static int vetchling_d_hash(const struct dentry *dentry, struct qstr *name)
{
	if (!vetchling_folds(d_inode(dentry)))	/* violates: d_hash.rcu_walk */
		return 0;
	name->hash = name->len;
	return 0;
}

const struct dentry_operations vetchling_dentry_ops = {
	.d_hash = vetchling_d_hash,
};
