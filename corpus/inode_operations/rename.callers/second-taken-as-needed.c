// SPDX-License-Identifier: GPL-2.0-only
/// The second child is locked and released under the same test.
// Kernel: 6.8
#include <linux/fs.h>

enum { I_MUTEX_CHILD = 2, I_MUTEX_NONDIR2 = 4 };
void inode_lock_nested(struct inode *inode, unsigned int subclass);

int bracken_exchange(struct inode *dir, struct dentry *old, struct dentry *new, bool files)
{
	struct inode *source = d_inode(old);
	struct inode *target = d_inode(new);
	int err;

	inode_lock_nested(source, I_MUTEX_CHILD);
	if (files)
		inode_lock_nested(target, I_MUTEX_NONDIR2);
	err = dir->i_op->rename(NULL, dir, old, dir, new, 0);	/* ok: rename.callers */
	if (files)
		inode_unlock(target);
	inode_unlock(source);
	return err;
}
