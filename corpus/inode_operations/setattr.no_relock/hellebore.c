// SPDX-License-Identifier: GPL-2.0-only
/// The helper gives the lock up on some of its ways, and nothing tells on which.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

static void hellebore_relax(struct inode *inode)
{
	if (inode->i_size > 4096)
		inode_unlock(inode);
	store_reserve(inode, 1);
}

static int hellebore_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	hellebore_relax(inode);
	inode_lock(inode);	/* violates: setattr.no_relock low */
	inode->i_size = attr->ia_size;
	inode_unlock(inode);
	return 0;
}

const struct inode_operations hellebore_iops = {
	.setattr = hellebore_setattr,
};
