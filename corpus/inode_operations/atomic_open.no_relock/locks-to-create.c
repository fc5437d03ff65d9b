// SPDX-License-Identifier: GPL-2.0-only
/// The directory is locked by the VFS, exclusively where a file may be created.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int primrose_atomic_open(struct inode *dir, struct dentry *dentry, struct file *file,
				unsigned int flags, umode_t mode)
{
	if (flags & 0100) {
		inode_lock(dir);	/* violates: atomic_open.no_relock */
		dir->i_size++;
		inode_unlock(dir);
	}
	return 0;
}

const struct inode_operations primrose_iops = {
	.atomic_open = primrose_atomic_open,
};
