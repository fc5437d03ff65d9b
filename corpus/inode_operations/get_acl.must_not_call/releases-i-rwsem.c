// SPDX-License-Identifier: GPL-2.0-only
/// i_rwsem is released, which no caller has taken.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct posix_acl *feverfew_get_acl(struct mnt_idmap *idmap, struct dentry *dentry, int type)
{
	struct inode *inode = d_inode(dentry);
	struct posix_acl *acl;

	acl = type ? inode->i_private : NULL;
	up_read(&inode->i_rwsem);	/* violates: get_acl.must_not_call moderate */
	return acl;
}

const struct inode_operations feverfew_iops = {
	.get_acl = feverfew_get_acl,
};
