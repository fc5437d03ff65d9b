// SPDX-License-Identifier: GPL-2.0-only
/// A helper that sleeps is called first; the dentry is never looked at.
// Kernel: 6.12
// Source: shape of nfs_get_link() as "teach nfs_get_link() to work in RCU mode" found it
#include <linux/fs.h>

static int olive_revalidate(struct inode *inode)
{
	struct mutex *lock = inode->i_private;

	mutex_lock(lock);
	mutex_unlock(lock);
	return 0;
}

static const char *olive_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	int err;

	if (!dentry)
		return ERR_PTR(-ECHILD);
	err = olive_revalidate(inode);
	if (err)
		return ERR_PTR(err);
	return inode->i_private;
}

const struct inode_operations olive_link_ops = {
	.get_link = olive_get_link,
};
