// SPDX-License-Identifier: GPL-2.0-only
/// The function asserts that its caller holds the lock.
#include <linux/dcache.h>

static int mallow_remove(struct inode *dir, struct dentry *dentry)
{
	lockdep_assert_held(&dir->i_rwsem);
	return dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
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
