// SPDX-License-Identifier: GPL-2.0-only
/// The names are listed without the lock that is asserted.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static long flax_listxattr(struct dentry *dentry, char *list, size_t size)
{
	struct inode *inode = d_inode(dentry);

	lockdep_assert_held(&inode->i_rwsem);	/* violates: listxattr.must_not_call moderate */
	memcpy(list, inode->i_private, size);
	return size;
}

const struct inode_operations flax_iops = {
	.listxattr = flax_listxattr,
};
