// SPDX-License-Identifier: GPL-2.0-only
/// The argument of the call selects the branch of the helper that does not lock.
#include <linux/dcache.h>
#include <linux/store.h>

static void umbel_trim(struct inode *inode, bool lock)
{
	if (lock)
		inode_lock(inode);
	inode->i_size = 0;
	if (lock)
		inode_unlock(inode);
}

static int umbel_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	umbel_trim(d_inode(dentry), false);	/* ok: setattr.no_relock */
	return 0;
}

const struct inode_operations umbel_iops = {
	.setattr = umbel_setattr,
};
