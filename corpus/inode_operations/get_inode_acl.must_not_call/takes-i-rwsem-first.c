// SPDX-License-Identifier: GPL-2.0-only
/// Out of rcu-walk the list is read under the lock that is taken here.
// Kernel: 6.8
#include <linux/fs.h>

static struct posix_acl *fennel_get_inode_acl(struct inode *inode, int type, bool rcu)
{
	struct posix_acl *acl;

	if (rcu)
		return ERR_PTR(-ECHILD);
	down_read(&inode->i_rwsem);
	acl = type ? inode->i_private : NULL;
	up_read(&inode->i_rwsem);	/* ok: get_inode_acl.must_not_call */
	return acl;
}

const struct inode_operations fennel_iops = {
	.get_inode_acl = fennel_get_inode_acl,
};
