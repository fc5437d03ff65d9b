// SPDX-License-Identifier: GPL-2.0-only
/// A check of permissions comes without i_rwsem.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct posix_acl *elder_get_inode_acl(struct inode *inode, int type, bool rcu)
{
	struct posix_acl *acl;

	lockdep_assert_held(&inode->i_rwsem);	/* violates: get_inode_acl.must_not_call moderate */
	acl = type ? inode->i_private : NULL;
	return acl;
}

const struct inode_operations elder_iops = {
	.get_inode_acl = elder_get_inode_acl,
};
