// SPDX-License-Identifier: GPL-2.0-only
/// Both children are locked in one branch and only one of them in the other, which releases both.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

enum { I_MUTEX_CHILD = 2, I_MUTEX_NONDIR2 = 4 };
void inode_lock_nested(struct inode *inode, unsigned int subclass);

int bracken_exchange(struct inode *dir, struct dentry *old, struct dentry *new, bool files)
{
	struct inode *source = d_inode(old);
	struct inode *target = d_inode(new);
	int err;

	if (files) {
		inode_lock(source);
		inode_lock_nested(target, I_MUTEX_NONDIR2);
	} else {
		inode_lock_nested(source, I_MUTEX_CHILD);
	}
	err = dir->i_op->rename(NULL, dir, old, dir, new, 0);	/* violates: rename.callers low */
	inode_unlock(source);
	inode_unlock(target);
	return err;
}
