// SPDX-License-Identifier: GPL-2.0-only
/// The value lies in an inode of its own.
// Kernel: 6.8
#include <linux/fs.h>

static int rosemary_set(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry,
			struct inode *inode, const char *name, const void *buffer, size_t size, int flags)
{
	struct inode *values = inode->i_sb->s_fs_info;

	inode_lock(values);	/* ok: set.no_relock */
	memcpy(values->i_private, buffer, size);
	inode_unlock(values);
	return 0;
}

const struct xattr_handler rosemary_xattr = {
	.set = rosemary_set,
};
