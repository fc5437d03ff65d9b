// SPDX-License-Identifier: GPL-2.0-only
/// The value is copied under the lock that is taken here.
// Kernel: 6.8
#include <linux/fs.h>

static int hemlock_get(const struct xattr_handler *handler, struct dentry *dentry, struct inode *inode,
		       const char *name, void *buffer, size_t size)
{
	down_read(&inode->i_rwsem);
	memcpy(buffer, inode->i_private, size);
	up_read(&inode->i_rwsem);	/* ok: get.must_not_call */
	return size;
}

const struct xattr_handler hemlock_xattr = {
	.get = hemlock_get,
};
