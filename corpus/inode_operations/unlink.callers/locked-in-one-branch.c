// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken in one branch, and the method called in both.
// Fixable: no
#include <linux/dcache.h>

static int mallow_remove(struct inode *dir, struct dentry *dentry)
{
	int err, locked = dentry->d_flags & 1;

	if (locked)
		inode_lock(dir);
	err = dir->i_op->unlink(dir, dentry);	/* violates: unlink.callers low */
	if (locked)
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
