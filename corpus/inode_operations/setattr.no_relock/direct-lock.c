// SPDX-License-Identifier: GPL-2.0-only
/// The method locks the inode that the VFS has locked for it.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

static int umbel_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	inode_lock(inode);	/* violates: setattr.no_relock */
	inode->i_size = attr->ia_size;
	inode_unlock(inode);
	return 0;
}

const struct inode_operations umbel_iops = {
	.setattr = umbel_setattr,
};
