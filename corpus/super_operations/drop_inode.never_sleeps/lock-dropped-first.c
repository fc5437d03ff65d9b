// SPDX-License-Identifier: GPL-2.0-only
/// i_lock is dropped around what sleeps and taken again.
// Kernel: 6.12
#include <linux/fs.h>

static int holly_drop_inode(struct inode *inode)
{
	struct mutex *lock = inode->i_private;

	if (!inode->i_nlink) {
		spin_unlock(&inode->i_lock);
		mutex_lock(lock);	/* ok: drop_inode.never_sleeps */
		inode->i_size = 0;
		mutex_unlock(lock);
		spin_lock(&inode->i_lock);
	}
	return generic_drop_inode(inode);
}

const struct super_operations holly_super_ops = {
	.drop_inode = holly_drop_inode,
};
