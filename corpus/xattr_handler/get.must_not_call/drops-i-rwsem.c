// SPDX-License-Identifier: GPL-2.0-only
/// The lock is dropped around a wait, and only ->set() is called with it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void hemlock_wait(void);

static int hemlock_get(const struct xattr_handler *handler, struct dentry *dentry, struct inode *inode,
		       const char *name, void *buffer, size_t size)
{
	up_read(&inode->i_rwsem);	/* violates: get.must_not_call moderate */
	hemlock_wait();
	down_read(&inode->i_rwsem);
	memcpy(buffer, inode->i_private, size);
	return size;
}

const struct xattr_handler hemlock_xattr = {
	.get = hemlock_get,
};
