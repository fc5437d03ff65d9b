// SPDX-License-Identifier: GPL-2.0-only
/// The lock is dropped for a call that takes it, and taken back.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

static void umbel_wait(struct inode *inode)
{
	inode_lock(inode);
	inode->i_private = NULL;
	inode_unlock(inode);
}

static int umbel_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	inode_unlock(inode);	/* violates: setattr.no_relock low */
	umbel_wait(inode);	/* ok: setattr.no_relock */
	inode_lock(inode);	/* ok: setattr.no_relock */
	return 0;
}

const struct inode_operations umbel_iops = {
	.setattr = umbel_setattr,
};
