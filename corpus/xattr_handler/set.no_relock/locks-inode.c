// SPDX-License-Identifier: GPL-2.0-only
/// The inode is locked when an attribute of it is set.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int rosemary_set(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry,
			struct inode *inode, const char *name, const void *buffer, size_t size, int flags)
{
	inode_lock(inode);	/* violates: set.no_relock */
	memcpy(inode->i_private, buffer, size);
	inode_unlock(inode);
	return 0;
}

const struct xattr_handler rosemary_xattr = {
	.set = rosemary_set,
};
