// SPDX-License-Identifier: GPL-2.0-only
/// The method is called in a section of RCU.
// Fixable: no
#include <linux/dcache.h>

static int mallow_remove(struct inode *dir, struct dentry *dentry)
{
	int err = 0;

	inode_lock(dir);
	rcu_read_lock();
	if (dentry->d_inode)
		err = dir->i_op->unlink(dir, dentry);	/* violates: unlink.callers low */
	rcu_read_unlock();
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
