// SPDX-License-Identifier: GPL-2.0-only
/// A flag of the caller tells the helper that the lock is held already.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/dcache.h>

static void comfrey_cut(struct inode *inode, loff_t size, bool locked)
{
	if (!locked)
		inode_lock(inode);
	inode->i_size = size;
	if (!locked)
		inode_unlock(inode);
}

static int comfrey_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	comfrey_cut(d_inode(dentry), attr->ia_size, true);	/* ok: setattr.no_relock */
	return 0;
}

const struct inode_operations comfrey_iops = {
	.setattr = comfrey_setattr,
};
