// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken two calls down, by the semaphore itself, in one branch.
// Fixable: no
#include <linux/dcache.h>
#include <linux/store.h>

static void umbel_begin(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static void umbel_resize(struct inode *inode, loff_t size)
{
	umbel_begin(inode);
	inode->i_size = size;
	up_write(&inode->i_rwsem);
}

static int umbel_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	if (attr->ia_valid & 8)
		umbel_resize(dentry->d_inode, attr->ia_size);	/* violates: setattr.no_relock */
	return 0;
}

const struct inode_operations umbel_iops = {
	.setattr = umbel_setattr,
};
