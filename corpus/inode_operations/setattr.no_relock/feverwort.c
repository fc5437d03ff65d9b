// SPDX-License-Identifier: GPL-2.0-only
/// What the helper returns tells whether it gave the lock up; it is taken back where it did not.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

static int feverwort_yield(struct inode *inode)
{
	if (store_reserve(inode, 1) == 0)
		return 0;
	inode_unlock(inode);
	return -1;
}

static int feverwort_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

	if (feverwort_yield(inode) < 0)
		return -1;
	inode_lock(inode);	/* violates: setattr.no_relock */
	inode->i_size = attr->ia_size;
	inode_unlock(inode);
	return 0;
}

const struct inode_operations feverwort_iops = {
	.setattr = feverwort_setattr,
};
