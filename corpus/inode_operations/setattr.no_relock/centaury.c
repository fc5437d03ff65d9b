// SPDX-License-Identifier: GPL-2.0-only
/// What the helper returns tells whether it gave the lock up; it is taken back only then.
#include <linux/dcache.h>
#include <linux/store.h>

static int centaury_yield(struct inode *inode)
{
	if (store_reserve(inode, 1) == 0)
		return 0;
	inode_unlock(inode);
	return 1;
}

static int centaury_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int gone = centaury_yield(inode);

	if (gone)
		inode_lock(inode);	/* ok: setattr.no_relock */
	inode->i_size = attr->ia_size;
	return 0;
}

const struct inode_operations centaury_iops = {
	.setattr = centaury_setattr,
};
