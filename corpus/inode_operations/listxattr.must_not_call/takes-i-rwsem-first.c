// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken while the names are copied.
// Kernel: 6.8
#include <linux/fs.h>

static long flax_listxattr(struct dentry *dentry, char *list, size_t size)
{
	struct inode *inode = d_inode(dentry);

	down_read(&inode->i_rwsem);
	memcpy(list, inode->i_private, size);
	up_read(&inode->i_rwsem);	/* ok: listxattr.must_not_call */
	return size;
}

const struct inode_operations flax_iops = {
	.listxattr = flax_listxattr,
};
