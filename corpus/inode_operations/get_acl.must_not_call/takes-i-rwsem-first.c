// SPDX-License-Identifier: GPL-2.0-only
/// The inode of the dentry is locked and unlocked.
// Kernel: 6.8
#include <linux/fs.h>

static struct posix_acl *feverfew_get_acl(struct mnt_idmap *idmap, struct dentry *dentry, int type)
{
	struct inode *inode = d_inode(dentry);
	struct posix_acl *acl;

	down_read(&inode->i_rwsem);
	acl = type ? inode->i_private : NULL;
	up_read(&inode->i_rwsem);	/* ok: get_acl.must_not_call */
	return acl;
}

const struct inode_operations feverfew_iops = {
	.get_acl = feverfew_get_acl,
};
