// SPDX-License-Identifier: GPL-2.0-only
/// A spinlock is held around a method that may sleep.
// Fixable: no
#include <linux/dcache.h>

static int mallow_remove(struct inode *dir, struct dentry *dentry)
{
	int err;

	inode_lock(dir);
	spin_lock(&dentry->d_lock);
	err = dir->i_op->unlink(dir, dentry);	/* violates: unlink.callers low */
	spin_unlock(&dentry->d_lock);
	inode_unlock(dir);
	return err;
}

static int mallow_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	if (!attr->ia_size)
		return mallow_remove(d_inode(dentry->d_parent), dentry);
	return 0;
}

const struct inode_operations mallow_iops = {
	.setattr = mallow_setattr,
};
