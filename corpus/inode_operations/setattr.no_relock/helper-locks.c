// SPDX-License-Identifier: GPL-2.0-only
/// A helper that has other callers locks the inode of the dentry.
// Fixable: no
// Source: the shape of reiserfs_fileattr_set() and reiserfs_unpack() of 6.1
#include <linux/dcache.h>
#include <linux/store.h>

static int umbel_unpack(struct inode *inode)
{
	if (!inode->i_size)
		return 0;
	inode_lock(inode);
	inode->i_private = NULL;
	inode_unlock(inode);
	return 0;
}

static int umbel_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = 0;

	if (attr->ia_valid)
		err = umbel_unpack(inode);	/* violates: setattr.no_relock */
	return err;
}

const struct inode_operations umbel_iops = {
	.setattr = umbel_setattr,
};
