// SPDX-License-Identifier: GPL-2.0-only
/// The inode that is opened is not locked.
// Kernel: 6.8
#include <linux/fs.h>

static int primrose_atomic_open(struct inode *dir, struct dentry *dentry, struct file *file,
				unsigned int flags, umode_t mode)
{
	struct inode *inode = file_inode(file);

	inode_lock(inode);	/* ok: atomic_open.no_relock */
	inode->i_nlink++;
	inode_unlock(inode);
	return 0;
}

const struct inode_operations primrose_iops = {
	.atomic_open = primrose_atomic_open,
};
