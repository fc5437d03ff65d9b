// SPDX-License-Identifier: GPL-2.0-only
/// Parent and inode are read once each, and tested before anybody looks into them.
// Kernel: 6.8
#include <linux/fs.h>

static bool fenugreek_folds(const struct inode *dir)
{
	return dir && dir->i_private != NULL;
}

static int fenugreek_d_compare(const struct dentry *dentry, unsigned int len, const char *text, const struct qstr *name)
{
	const struct dentry *parent = READ_ONCE(dentry->d_parent);
	const struct inode *dir = READ_ONCE(parent->d_inode);	/* ok: d_compare.rcu_walk */

	if (fenugreek_folds(dir))	/* ok: d_compare.rcu_walk */
		return len != name->len;
	return dentry->d_sb->s_fs_info != NULL;
}

const struct dentry_operations fenugreek_dentry_ops = {
	.d_compare = fenugreek_d_compare,
};
