// SPDX-License-Identifier: GPL-2.0-only
/// The server locks the inode, calls a wrapper that checks twice, and unlocks on every way out.
// Source: after the shape of the fixed 999653786df6 ("nfsd: check permissions when setting ACLs"), put before ->setattr
#include <linux/dcache.h>

bool gorse_may_set(struct inode *inode);

static int gorse_checked(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	if (!gorse_may_set(inode) || !inode->i_op->setattr)
		return -EROFS;
	return inode->i_op->setattr(NULL, dentry, attr);	/* ok: setattr.callers */
}

int gorse_serve(struct dentry *dentry, struct iattr *access, struct iattr *fallback)
{
	struct inode *inode = d_inode(dentry);
	int err;

	inode_lock(inode);
	err = gorse_checked(dentry, access);
	if (err)
		goto out_unlock;
	err = gorse_checked(dentry, fallback);
out_unlock:
	inode_unlock(inode);
	return err;
}
