// SPDX-License-Identifier: GPL-2.0-only
/// The directory is locked around the call.
#include <linux/dcache.h>

static int mallow_remove(struct inode *dir, struct dentry *dentry)
{
	int err;

	inode_lock(dir);
	err = dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
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
